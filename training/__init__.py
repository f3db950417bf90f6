"""Everything that makes data and weights; nothing here is needed at run time."""
