//! Good manners: the account's limits are kept to, its other clients get their share.
