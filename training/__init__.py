"""Makes the judge of spasms: healthy people, spasms planted, trees fitted, split by person.

Run `python -m training --help`. Needs the `train` extra.
"""
