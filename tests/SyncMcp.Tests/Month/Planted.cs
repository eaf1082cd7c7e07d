namespace SyncMcp.Tests.Month;

/// <summary>A failure of last night, and what a data engineer would file it under.</summary>
/// <param name="Workspace">Where the job is.</param>
/// <param name="Job">Name of the job.</param>
/// <param name="Source">Name of the connection that it reads.</param>
/// <param name="Status">How its last run ended.</param>
/// <param name="Cause">Id of the cause; null where no rule may be sure.</param>
/// <param name="Text">What the server said.</param>
internal sealed record Planted(string Workspace, string Job, string Source, string Status, string? Cause, string Text);

/// <summary>What is wrong in the seeded month: 18 causes, one of them in four jobs, and five failures that nobody can know.</summary>
internal static class Plants
{
    /// <summary>Each cause once, in the words of the kind of server that the job reads or writes.</summary>
    public static readonly IReadOnlyList<Planted> Causes =
    [
        new("Sales", "salesforce-accounts", "salesforce", "Failed", "credentials_refused", "INVALID_SESSION_ID: Session expired or invalid for the integration user"),
        new("Sales", "crm-leads", "crm", "Failed", "host_unreachable", "could not translate host name \"crm-db.internal.example\" to address: Name or service not known"),
        new("Finance", "netsuite-invoices", "netsuite", "Failed", "tls_failed", "The SSL connection could not be established: the remote certificate is invalid because of errors in the certificate chain: NotTimeValid"),
        new("Sales", "shop-orders", "shop", "Failed", "table_missing", "source_missing: no such table: orders_2025"),
        new("Sales", "shop-credits", "shop", "Failed", "type_changed", "42804: column \"credit\" is of type integer but expression is of type text"),
        new("Operations", "stock-items", "stock", "Failed", "key_duplicate", "23505: duplicate key value violates unique constraint \"items_pkey\": Key (id)=(4711) already exists."),
        new("Sales", "ads-campaigns", "ads", "Failed", "rate_limited", "REQUEST_LIMIT_EXCEEDED: TotalRequests Limit exceeded."),
        new("Sales", "ads-clicks", "ads", "Failed", "timed_out", "command_timeout: the statement was ended after 600 s"),
        new("Finance", "ledger-lines", "ledger", "Failed", "destination_full", "53100: could not extend file \"base/16401/24581\": No space left on device"),
        new("Finance", "ledger-accounts", "ledger", "Failed", "locked", "40P01: deadlock detected: Process 71 waits for ShareLock on transaction 802; blocked by process 75."),
        new("Finance", "payroll-people", "payroll", "Failed", "permission_denied", "42501: permission denied for table people"),
        new("Finance", "budget-plans", "ledger", "Failed", "query_invalid", "42601: syntax error at or near \"FORM\" at position 18"),
        new("Operations", "sensor-readings", "sensors", "Failed", "script_error", "script_error: line 3: ReferenceError: lastReading is not defined"),
        new("Operations", "machine-states", "sensors", "Canceled", "cancelled", "Canceled by user: night.operator"),
        new("Operations", "machine-alarms", "sensors", "Skipped", "still_running", "A schedule came while run 5c0e9a2e went on."),
        new("Operations", "stock-forecast", "stock", "Failed", "dependency_failed", "upstream_failed: not started because the job that it waits for failed"),
        new("Operations", "supplier-files", "files", "Failed", "file_missing", "file_missing: incoming/suppliers.csv is not there"),
        new("Finance", "netsuite-vendors", "netsuite", "Failed", "schema_drift", "schema_drift: the source has the new column \"iban\"; the destination table has not"),
    ];

    /// <summary>The same trouble as the first, elsewhere.</summary>
    public static readonly IReadOnlyList<Planted> Same =
    [
        new("Sales", "salesforce-contacts", "salesforce", "Failed", "credentials_refused", "INVALID_LOGIN: Invalid username, password, security token; or user locked out."),
        new("Sales", "salesforce-opportunities", "salesforce", "Failed", "credentials_refused", "invalid_grant: expired access/refresh token"),
        new("Finance", "salesforce-quotes", "salesforce-eu", "Failed", "credentials_refused", "INVALID_SESSION_ID: Session expired or invalid for the integration user"),
    ];

    /// <summary>Words that say nothing about why.</summary>
    public static readonly IReadOnlyList<Planted> Unknown =
    [
        new("Sales", "partner-feed", "crm", "Failed", null, "Object reference not set to an instance of an object."),
        new("Finance", "bank-statements", "ledger", "Failed", null, "Error 0x80131500"),
        new("Finance", "tax-rates", "ledger", "Failed", null, "Das Feld konnte nicht verarbeitet werden."),
        new("Operations", "shift-plans", "sensors", "Failed", null, "An unexpected error occurred. Contact your administrator."),
        new("Operations", "energy-meters", "sensors", "Failed", null, "job ended with return value 7"),
    ];

    /// <summary>What went wrong in two tasks of one run, ten times: causes and words of the first and of the second.</summary>
    public static readonly IReadOnlyList<(Planted First, Planted Second)> Double =
        [.. Enumerable.Range(0, 10).Select(i => (Causes[Pairs[i].First], Causes[Pairs[i].Second]))];

    /// <summary>Jobs that went well last night.</summary>
    public static readonly IReadOnlyList<(string Workspace, string Job, string Source)> Healthy =
    [
        ("Sales", "shop-customers", "shop"), ("Sales", "shop-returns", "shop"), ("Sales", "crm-deals", "crm"), ("Sales", "crm-calls", "crm"), ("Sales", "ads-spend", "ads"),
        ("Finance", "ledger-periods", "ledger"), ("Finance", "payroll-hours", "payroll"), ("Finance", "netsuite-items", "netsuite"), ("Finance", "netsuite-orders", "netsuite"),
        ("Operations", "stock-levels", "stock"), ("Operations", "stock-moves", "stock"), ("Operations", "sensor-devices", "sensors"), ("Operations", "supplier-prices", "files"), ("Operations", "machine-parts", "sensors"),
    ];

    private static (int First, int Second)[] Pairs => [(0, 3), (1, 4), (2, 5), (6, 10), (7, 3), (8, 9), (9, 5), (10, 11), (3, 17), (16, 4)];
}
