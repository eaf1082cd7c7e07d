namespace SyncMcp.Commands.Demo;

/// <summary>The shop that the demo replicates: four related tables with dates, nulls, unicode, decimals, a blob and a composite key.</summary>
internal static class ShopSchema
{
    public const string Create = """
        CREATE TABLE customers (
          id INTEGER PRIMARY KEY, name TEXT NOT NULL, email TEXT, city TEXT NOT NULL, birthday DATE,
          credit_limit DECIMAL(10,2), newsletter BOOLEAN NOT NULL, updated_at DATETIME NOT NULL);
        CREATE TABLE products (
          id INTEGER PRIMARY KEY, sku VARCHAR(12) NOT NULL, name TEXT NOT NULL, price DECIMAL(10,2) NOT NULL,
          weight_kg REAL, thumbnail BLOB, discontinued_on DATE, updated_at DATETIME NOT NULL);
        CREATE TABLE orders (
          id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL REFERENCES customers(id), status VARCHAR(10) NOT NULL,
          ordered_on DATE NOT NULL, shipping DECIMAL(8,2), note TEXT, updated_at DATETIME NOT NULL);
        CREATE TABLE order_lines (
          order_id INTEGER NOT NULL REFERENCES orders(id), line_no INTEGER NOT NULL, product_id INTEGER NOT NULL REFERENCES products(id),
          quantity INTEGER NOT NULL, unit_price DECIMAL(10,2) NOT NULL, discount DECIMAL(4,2), updated_at DATETIME NOT NULL,
          PRIMARY KEY (order_id, line_no));
        """;

    /// <summary>A table that somebody else keeps at the destination: the demo's job has no business with it.</summary>
    public const string Revenue = """
        CREATE TABLE revenue (id INTEGER PRIMARY KEY, month DATE NOT NULL, amount DECIMAL(12,2) NOT NULL);
        WITH RECURSIVE months(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM months WHERE n < 36)
        INSERT INTO revenue SELECT n, date('2023-01-01', '+' || (n - 1) || ' months'), 41000 + (n * 977) % 9000 + 0.5 FROM months;
        """;

    /// <summary>Tables with their keys, in the order in which the job moves them.</summary>
    public static readonly (string Name, string Key)[] Tables = [("customers", "id"), ("products", "id"), ("orders", "id"), ("order_lines", "order_id, line_no")];
}
