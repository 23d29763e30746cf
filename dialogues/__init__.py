"""What Alley says and does next: pure functions over data, no I/O, no imports from outside this package.

`router.converse` is the way in; bot/engine.py drives it, effect by effect.
"""
