"""What each port promises, held over its fake and its real adapters alike."""
