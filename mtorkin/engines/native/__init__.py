"""The native engine: tables of a network, and a stiff integrator in C++ that reads them."""
