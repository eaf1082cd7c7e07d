using System.Text.Json.Nodes;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Guard;

/// <summary>The question about a job's definition: endpoints first, old → new, then tables, then what changes, then SQL and scripts whole.</summary>
internal static class JobQuestion
{
    private const int MostChanges = 20;

    /// <summary>The plan of a call that leads to a judged definition.</summary>
    public static Plan Plan(string verb, string headline, JobState? before, JobState after, Judgement judged) => new()
    {
        Need = judged.Need,
        Plain = judged.Plain,
        Question = judged.Need == Need.Nothing ? "" : Text(headline, after, judged),
        Phrase = judged.Need == Need.Phrase ? QuestionText.Phrase(verb, after.Name, after.Id) : null,
        State = judged.State,
        Definitions = [judged.Definition],
        Adopt = judged.Definition.Adopted,
        ETag = before?.ETag,
        Snapshot = before is null ? [] : Snapshot(before),
    };

    /// <summary>What the audit keeps of a job.</summary>
    public static JsonObject Snapshot(JobState job) =>
        new() { ["kind"] = "job", ["id"] = job.Id, ["name"] = job.Name, ["armed"] = job.IsArmed, ["definition"] = job.Definition().Hash };

    /// <summary>How a task is called.</summary>
    public static string TaskName(JsonObject task) => task["name"]?.ToString() ?? task["table"]?.ToString() ?? task["query"]?.ToString() ?? "";

    /// <summary>The whole question.</summary>
    public static string Text(string headline, JobState job, Judgement judged)
    {
        var approved = judged.Approved?.Definition;
        var text = new QuestionText(headline).Thing("Job", job.Name, job.Id);
        text.Change("Source", approved?.Facts["source"]?.ToString(), Endpoints.Describe(job.Source));
        text.Change("Destination", approved?.Facts["destination"]?.ToString(), Endpoints.Describe(job.Destination));
        text.Names("Tables", job.Tasks.Select(task => Moved(task, job)));
        text.Names("Existing tables that it would write", judged.Foreign);
        text.Fact("Schedule", job.IsArmed ? job.Member("schedule", "cron")?.ToString() : null);
        text.Fact("Type", job.Type);
        foreach (var reason in judged.Reasons)
            text.Say(reason);
        AddChanges(text, judged);
        foreach (var task in job.Tasks)
            text.Whole("Query of a task", task["query"]?.ToString());
        foreach (var task in job.Tasks)
            text.Whole("Further members of a task", Rest(DefinitionMembers.OfTask(task), "table", "query", "enabled"));
        text.Whole("Script before", job.Member("events", "pre_job")?.ToString());
        text.Whole("Script after", job.Member("events", "post_job")?.ToString());
        text.Whole("Settings", job.Job["settings"] is JsonObject { Count: > 0 } settings ? Canonical.Of(settings) : null);
        text.Whole("Alerts", job.Job["alerts"] is JsonObject { Count: > 0 } alerts ? Canonical.Of(alerts) : null);
        text.Whole("Further members", Rest(DefinitionMembers.OfJob(job.Job), "source_connection", "destination_connection", "type", "settings", "alerts"));
        return text.ToString();
    }

    // What counts and stands nowhere else in the question, also what we do not know: nobody approves what was not shown.
    private static string? Rest(JsonObject members, params ReadOnlySpan<string> shown)
    {
        foreach (var name in shown)
            members.Remove(name);
        return members.Count > 0 ? Canonical.Of(members) : null;
    }

    private static void AddChanges(QuestionText text, Judgement judged)
    {
        if (judged.Approved is not { } approved)
        {
            text.Say("Nobody has approved a definition of it yet.");
            return;
        }

        var changes = Differences.Between(approved.Definition.Content, judged.Definition.Content);
        if (changes.Count == 0)
            return;
        text.Say(approved.IsPlain ? "Changed since it ran:" : "Changed since it was approved:");
        foreach (var (at, before, after) in changes.Take(MostChanges))
            text.Change($"  {Filters.Text.Cut(Filters.Text.Clean(at), 80)}", QuestionText.Value(before) ?? "(none)", QuestionText.Value(after));
        if (changes.Count > MostChanges)
            text.Say($"{changes.Count - MostChanges} more changes; all of the present definition is shown.");
    }

    private static string Moved(JsonObject task, JobState job)
    {
        var off = task["enabled"]?.ToString() is "false" ? " (off)" : "";
        return Raising.StatementOf(task) is { } statement
            ? $"{statement.SourceTable} -> {DestinationName.Of(statement, job.ReadSettings())}{off}"
            : $"{TaskName(task)} (cannot be read){off}";
    }
}
