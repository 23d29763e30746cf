"""The program around the dialogues: channels, inbox, engine, outbox, console."""
