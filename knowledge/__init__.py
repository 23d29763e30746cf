"""What the centre knows: its configuration, answers, texts and translations, and the register in the database."""
