"""Islands and circles of systems: connected parts and loops of a small graph."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def islands(nodes: Sequence[str], links: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Returns the connected parts of a graph, links taken both ways, the largest first, members in the order of `nodes`."""
    root = {node: node for node in nodes}

    def top(node: str) -> str:
        while root[node] != node:
            root[node] = root[root[node]]
            node = root[node]
        return node

    for a, b in links:
        if a in root and b in root:
            root[top(a)] = top(b)
    parts: dict[str, list[str]] = {}
    for node in nodes:
        parts.setdefault(top(node), []).append(node)
    return tuple(tuple(part) for part in sorted(parts.values(), key=lambda part: (-len(part), nodes.index(part[0]))))


def circles(links: Iterable[tuple[str, str]]) -> tuple[tuple[str, ...], ...]:
    """Returns the groups of nodes that depend on each other in a circle. Source: Tarjan (1972), strongly connected parts."""
    after: dict[str, list[str]] = {}
    for a, b in links:
        after.setdefault(a, []).append(b)
        after.setdefault(b, [])
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[tuple[str, ...]] = []

    def visit(node: str) -> None:
        work = [(node, iter(after[node]))]
        number[node] = low[node] = len(number)
        stack.append(node)
        while work:
            here, rest = work[-1]
            step = next(rest, None)
            if step is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[here])
                if low[here] == number[here]:
                    _close(here)
            elif step not in number:
                number[step] = low[step] = len(number)
                stack.append(step)
                work.append((step, iter(after[step])))
            elif step in stack:
                low[here] = min(low[here], number[step])

    def _close(node: str) -> None:
        part: list[str] = []
        while not part or part[-1] != node:
            part.append(stack.pop())
        if len(part) > 1 or node in after[node]:
            found.append(tuple(sorted(part)))

    for node in after:
        if node not in number:
            visit(node)
    return tuple(sorted(found))
