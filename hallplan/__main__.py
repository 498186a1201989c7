"""python -m hallplan"""

from hallplan.cli.app import program

program()
