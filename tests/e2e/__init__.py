"""The whole program, started as a person starts it, with the trained model and real services."""
