"""python -m hallplan"""

from hallplan.cli.app import main

main()
