"""From commands to motion: prompts, conditions, sampling, and edits that generate."""
