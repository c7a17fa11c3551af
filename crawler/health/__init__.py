"""How sources are: what each is used to give, and what is not as it was. Pure: values in and out.

A source is judged by its own history alone. How sure a judgement must be is said in one number for
all tests, a return period: what would come about by chance once in so many years is no news.
"""
