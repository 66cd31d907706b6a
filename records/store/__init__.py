"""The database: tables, migrations and every query. Nothing outside this package writes SQL."""
