"""Patients, doctors, nurses, administrators: who they are and what each may see."""
