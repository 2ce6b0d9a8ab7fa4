"""What should happen, as Gherkin in Chinese and English, and the stream of outcomes it writes."""
