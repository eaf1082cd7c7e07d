using System.Security.Cryptography;
using System.Text;
using SyncMcp.Client.Jobs;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Engine.Connectors;

/// <summary>One task at work: which rows it has to read, pass after pass, and what has to go.</summary>
internal sealed class TaskWork(TaskPlan plan, JobSettings settings, ReplicateStatement statement, ISourceTable table, ITarget target, ITaskObserver observer, Passes passes)
{
    private readonly FirstLoad first = new(table, settings);
    private readonly string fingerprint = Fingerprint(table.Shape, statement, settings.ReplicateStartDate);

    private bool Resets => plan.FullRefresh || settings.DropTable is true || settings.TruncateTableData is true;

    public TaskResult Run(string destinationTable)
    {
        var carriesDeletes = CarriesDeletes();
        var (state, begins) = Start();
        // A change behind an open interval of the first load has its place in a later one.
        var resumes = state.IsOpen && !state.Until;
        if (resumes)
            observer.Log(LogLevel.Info, "Going on where the last run ended.");
        try
        {
            state = Pass(state, begins);
            // What changed behind the place where the last run ended is seen by a pass of its own.
            while (resumes || state.First)
            {
                resumes = false;
                state = Pass(state, begins: false);
            }

            if (carriesDeletes)
                state = new KeyScan(table, target, passes).Sweep(state);
        }
        finally
        {
            // However it ends: what was committed is counted.
            passes.TellProgress();
        }

        return new()
        {
            RowsRead = passes.Read,
            RecordsAffected = passes.Affected,
            DestinationTable = destinationTable,
            CheckColumn = table.Shape.CheckColumn,
            Checkpoint = state.Low is { } low ? table.Show(low) : null,
            Path = passes.Path,
        };
    }

    /// <summary>Where the work begins, and whether the run begins here too (else it goes on after an interruption).</summary>
    private (Checkpoint State, bool Begins) Start()
    {
        var fresh = FromTheBeginning(new() { Plan = fingerprint, Version = target.Checkpoint?.Version ?? 0, First = first.IsCut });
        if (target.Checkpoint is not { } known || known.Plan != fingerprint)
        {
            if (target.Checkpoint is not null)
                observer.Log(LogLevel.Info, "The task reads something else than at its last run: it reads all rows once.");
            return (fresh, true);
        }

        if (Resets && known.RunId != plan.RunId)
            return (fresh, true);
        if (target.HasNewColumns)
        {
            observer.Log(LogLevel.Info, "Columns are new: all rows are read once, so that the rows that are there get their values.");
            return (fresh, !Resets);
        }

        return (target.HasRows ? known : fresh, !Resets);
    }

    private Checkpoint FromTheBeginning(Checkpoint state) => state with { Low = first.Start, Exact = first.Start is not null };

    /// <summary>Which rows the next pass takes.</summary>
    private Checkpoint Aim(Checkpoint state)
    {
        var high = table.HighMark();
        var isForward = high is not null && (state.Low is not { } low || table.IsForward(low, high));
        if (!isForward && state is { Low: not null, Exact: false })
        {
            observer.Log(LogLevel.Info, $"The check column is lower than at the last run or cannot tell what is new: all rows {(first.Start is null ? "" : "from replicate_start_date on ")}are read.");
            state = FromTheBeginning(state);
            isForward = high is not null && (state.Low is null || table.IsForward(state.Low, high));
        }

        if (!state.First)
            return state with { High = isForward ? high : state.Low };
        if (state.Low == first.Start)
            first.RequireFewCuts(state.Low, high);
        var cut = isForward ? first.NextCut(state.Low, high) : null;
        if (cut is not null)
            observer.Log(LogLevel.Info, $"First load: up to {table.Show(cut)}.");
        return state with { High = cut ?? (isForward ? high : state.Low), Until = cut is not null };
    }

    private Checkpoint Pass(Checkpoint state, bool begins)
    {
        if (!state.IsOpen)
            state = Aim(state);
        return passes.Run(state, begins, mayStay: table.Shape.Key.Count > 0 && !Resets && !target.HasNewColumns && settings.ContinueOnError is not true);
    }

    /// <summary>True where rows that are gone at the source have to go at the destination, and do not go by themselves.</summary>
    private bool CarriesDeletes()
    {
        if (settings.SkipDeleted is not false)
            return false;
        if (table.Shape.Key.Count > 0)
            return target.HasRows; // what this run makes holds nothing that is gone
        observer.Log(LogLevel.Info, "Without a key all rows are replaced at each run: rows that are gone at the source go with the others.");
        return false;
    }

    /// <summary>What is read: another text means that the checkpoint says nothing.</summary>
    public static string Fingerprint(SourceShape shape, ReplicateStatement statement, string? start = null)
    {
        var text = string.Join('\n', shape.Connector, shape.Place, shape.CheckColumn, string.Join(',', shape.Key), (statement with { Options = new() }).ToString());
        if (!string.IsNullOrWhiteSpace(start))
            text += "\n" + start; // rows from another day on are other rows
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 8));
    }
}
