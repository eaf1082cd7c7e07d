namespace SyncMcp.Commands.Demo;

/// <summary>How many rows the four tables of the demo's shop hold together, and how they are shared out.</summary>
internal sealed record ShopSize(int Rows)
{
    public int Customers => Rows * 6 / 100;

    public int Products => Rows / 100;

    public int Orders => Rows * 28 / 100;

    public int OrderLines => Rows - Customers - Products - Orders;

    /// <summary>What the second run has to find: one row in 200 changed.</summary>
    public Change Changed => Change.Of(Rows / 200, orders: 60, customers: 25);

    /// <summary>And one in 2,000 is new.</summary>
    public Change Added => Change.Of(Rows / 2000, orders: 30, customers: 20);

    /// <summary>A number of rows of three tables.</summary>
    /// <param name="Orders">Orders.</param>
    /// <param name="Customers">Customers.</param>
    /// <param name="Rest">Products when rows change, order lines when rows are new.</param>
    internal sealed record Change(int Orders, int Customers, int Rest)
    {
        public int Total => Orders + Customers + Rest;

        public static Change Of(int total, int orders, int customers)
        {
            var (some, others) = (total * orders / 100, total * customers / 100);
            return new(some, others, total - some - others);
        }
    }
}
