(function () {
  var routes = JSON.parse(document.getElementById("walk-data").textContent);
  var none = document.getElementById("walk-said").getAttribute("data-none");
  var pick = document.getElementById("walk-route"), at = document.getElementById("walk-at"), said = document.getElementById("walk-said");
  var floors = Array.prototype.slice.call(document.querySelectorAll(".walk-floor"));
  function line(x, y, sign) {
    var colour = sign[3] ? "#0b7a55" : "#8d97a1";
    return '<line x1="' + x + '" y1="' + y + '" x2="' + sign[1] + '" y2="' + sign[2] + '" stroke="' + colour + '" stroke-width="0.6" stroke-dasharray="2 1"/><circle cx="' + sign[1] + '" cy="' + sign[2] + '" r="2" fill="' + colour + '"/>';
  }
  function show() {
    var steps = routes[+pick.value].steps, step = steps[+at.value];
    floors.forEach(function (floor) {
      var here = floor.getAttribute("data-floor") === step[0];
      floor.style.display = here ? "" : "none";
      if (!here) { return; }
      var path = steps.filter(function (s) { return s[0] === step[0]; }).map(function (s) { return s[1] + "," + s[2]; }).join(" ");
      floor.querySelector(".walk-over").innerHTML = '<polyline points="' + path + '" fill="none" stroke="#1f66b0" stroke-width="0.7" opacity="0.6"/>' +
        step[6].map(function (sign) { return line(step[1], step[2], sign); }).join("") +
        '<g transform="translate(' + step[1] + ' ' + step[2] + ') rotate(' + (-step[3]) + ')"><path d="M0 0L30 -52A60 60 0 0 1 30 52Z" fill="#1f66b0" opacity="0.10"/><path d="M5 0L-3 -3L-1.5 0L-3 3Z" fill="#d7261e"/></g>';
    });
    var telling = step[6].filter(function (sign) { return sign[3]; }).map(function (sign) { return sign[0]; });
    said.textContent = step[4] + " m → " + step[5] + ": " + (telling.length ? telling.join(", ") : step[7] ? "✓" : none);
    said.style.color = telling.length || step[7] ? "" : "#d7261e";
  }
  function start() { at.max = routes[+pick.value].steps.length - 1; at.value = 0; show(); }
  pick.addEventListener("change", start); at.addEventListener("input", show); start();
}());
