using System.Text.Json.Nodes;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Guard;

/// <summary>A job's part of a question: endpoints first, old → new, then tables, then what changes, then SQL and scripts whole.</summary>
internal static class JobQuestion
{
    /// <summary>How a task is called.</summary>
    public static string TaskName(JsonObject task) => task["name"]?.ToString() ?? task["table"]?.ToString() ?? task["query"]?.ToString() ?? "";

    /// <summary>Adds it.</summary>
    public static void Describe(QuestionText text, JobState job, Judgement judged)
    {
        var approved = judged.Approved?.Definition;
        text.Change("Source", approved?.Facts["source"]?.ToString(), Endpoints.Describe(job.Source));
        text.Change("Destination", approved?.Facts["destination"]?.ToString(), Endpoints.Describe(job.Destination));
        text.Names("Tables", job.Tasks.Select(task => Moved(task, job, judged.Rows)));
        text.Fact("Schema there", job.DestinationSchema);
        text.Names("Existing tables that it would write", judged.Foreign.Select(table => table + judged.Rows.Behind(RowCounting.Destination(job, table))));
        text.Fact("Schedule", job.IsScheduled ? job.Schedule : null);
        text.Fact("Type", job.Type);
        foreach (var reason in judged.Reasons)
            text.Say(reason);
        DefinitionChanges.Add(text, judged);
        foreach (var task in job.Tasks)
            text.Whole("Query of a task", task["query"]?.ToString());
        foreach (var task in job.Tasks)
            text.Whole("Further members of a task", DefinitionMembers.Rest(DefinitionMembers.OfTask(task), "table", "query", "enabled"));
        text.Whole("Script before", job.Member("events", "pre_job")?.ToString());
        text.Whole("Script after", job.Member("events", "post_job")?.ToString());
        text.Whole("Settings", job.Job["settings"] is JsonObject { Count: > 0 } settings ? Canonical.Of(settings) : null);
        text.Whole("Alerts", job.Job["alerts"] is JsonObject { Count: > 0 } alerts ? Canonical.Of(alerts) : null);
        text.Whole("Further members", DefinitionMembers.Rest(DefinitionMembers.OfJob(job.Job), "source_connection", "destination_connection", "type", "settings", "alerts"));
    }

    private static string Moved(JsonObject task, JobState job, TableRows rows)
    {
        var off = task["enabled"]?.ToString() is "false" ? " (off)" : "";
        if (Raising.StatementOf(task) is not { } statement)
            return $"{TaskName(task)} (cannot be read){off}";
        var written = DestinationName.Of(statement, job.ReadSettings());
        return $"{statement.SourceTable}{rows.Behind(RowCounting.Source(job, statement))} {(statement.Check is { Repair: false } ? "compared with" : "->")} {written}{rows.Behind(RowCounting.Destination(job, written))}{off}";
    }
}
