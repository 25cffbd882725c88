"""What is measured, and how: docs/performance.md. Nothing here runs in production or in a test."""
