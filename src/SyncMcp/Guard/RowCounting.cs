using System.Globalization;
using SyncMcp.Client;
using SyncMcp.Client.Connections;
using SyncMcp.Client.Replicate;
using SyncMcp.Tools;

namespace SyncMcp.Guard;

/// <summary>
/// Counts the rows of the tables that a question names, where the server says that it can: our engine does, others are not asked. Bounded, and never a first
/// contact: a table that is slow, or lies where nobody let us look, is named without its rows.
/// </summary>
internal sealed class RowCounting(Upstream upstream, Snapshots snapshots, Endpoints endpoints, TimeProvider time)
{
    /// <summary>A question that names more tables says nothing of the rest.</summary>
    public const int MostTables = 20;

    /// <summary>So long a person waits for a question because of its rows.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>The plan with rows in its question, unless they would make it too long for the chat.</summary>
    public async Task<Plan> AddAsync(Plan plan, CancellationToken ct) => (await AddAsync([plan], ct))[0].OrShort(plan);

    /// <summary>The plans of one call with rows in their questions: together they wait no longer and count no more than one.</summary>
    public async Task<IReadOnlyList<Plan>> AddAsync(IReadOnlyList<Plan> plans, CancellationToken ct)
    {
        var tables = plans.Where(plan => plan.Need != Need.Nothing && plan.Worded is not null).SelectMany(plan => plan.Judged).Where(one => one.Need != Need.Nothing)
            .Select(one => one.Thing).OfType<JobState>().SelectMany(Tables).Where(table => table.Connection.Length > 0).Distinct().Take(MostTables).ToList();
        if (tables.Count == 0 || !(await upstream.CapabilitiesAsync(ct)).HasFlag(ServerCapabilities.RowCounts))
            return plans;
        var rows = await CountAsync(tables, ct);
        return [.. plans.Select(plan => plan.Worded is { } worded ? plan with { Question = worded(rows) } : plan)];
    }

    /// <summary>The table that a task reads.</summary>
    public static TableRows.Place Source(JobState job, ReplicateStatement statement) => new(job.Source["id"]?.ToString() ?? "", null, statement.SourceTable);

    /// <summary>A table that a job writes.</summary>
    public static TableRows.Place Destination(JobState job, string table) => new(job.Destination["id"]?.ToString() ?? "", job.DestinationSchema, table);

    // What the job would write comes first: those rows are at stake.
    private IEnumerable<TableRows.Place> Tables(JobState job)
    {
        var statements = job.Tasks.Select(Raising.StatementOf).OfType<ReplicateStatement>().ToList();
        var written = endpoints.IsKnown(job.Destination) ? statements.Select(statement => Destination(job, DestinationName.Of(statement, job.ReadSettings()))) : [];
        return written.Concat(endpoints.IsKnown(job.Source) ? statements.Select(statement => Source(job, statement)) : []);
    }

    private async Task<TableRows> CountAsync(IReadOnlyList<TableRows.Place> tables, CancellationToken ct)
    {
        using var late = new CancellationTokenSource(Patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, late.Token);
        var found = await AtOnce.ReadAsync(tables, async (table, _) => await CountAsync(table, either.Token), ct);
        ct.ThrowIfCancellationRequested();
        return new(tables.Zip(found).Where(pair => pair.Second is not null).ToDictionary(pair => pair.First, pair => pair.Second!));
    }

    private async Task<string?> CountAsync(TableRows.Place table, CancellationToken ct)
    {
        try
        {
            return Words(await snapshots.RowsAsync(table, ct));
        }
        catch (Exception ex) when (ex is SyncApiException or OperationCanceledException)
        {
            return null; // it is not there yet, or slow
        }
    }

    private static string? Words(RowCount count) => (count.Rows, count.Precision) switch
    {
        (null, _) => null,
        (1, "exact") => "1 row",
        ({ } rows, "exact") => $"{Number(rows)} rows",
        ({ } rows, "estimate") => $"about {Number(rows)} rows",
        ({ } rows, _) => $"{Number(rows)} rows or more",
    };

    private static string Number(long rows) => rows.ToString("N0", CultureInfo.InvariantCulture);
}
