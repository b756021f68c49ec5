"""The pages of teammates."""
