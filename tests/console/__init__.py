"""The console: who may talk to it, and what people do on it."""
