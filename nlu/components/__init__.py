"""Our Rasa graph components, in the order of `nlu/config.yml`; Rasa creates, trains and runs them."""
