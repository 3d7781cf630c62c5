"""How well the conflict is measured on phantoms nobody develops on."""
