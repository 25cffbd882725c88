"""What several tests need: real servers, databases, tokens, patience."""
