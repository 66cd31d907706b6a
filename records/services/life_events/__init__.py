"""What happened in somebody's life: written down by one account, agreed to by another, performed as the table of
effects says (``records.rules.life_effects``), and taken back the same way.
"""
