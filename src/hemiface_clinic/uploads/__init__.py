"""Large files in parts, resumed after any interruption: the tus protocol 1.0 (https://tus.io)."""
