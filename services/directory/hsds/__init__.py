"""The directory as other machines read it: Open Referral's Human Services Data Specification (HSDS) 3.0."""
