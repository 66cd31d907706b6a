"""The console's routes: one module for each thing an officer does."""
