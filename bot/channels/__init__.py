"""The ways residents write to Alley: each module turns a vendor's messages into Incoming and sends Outgoing back."""
