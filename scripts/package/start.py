"""What the packaged program runs first."""

import multiprocessing

from flows.main import main

multiprocessing.freeze_support()
main()
