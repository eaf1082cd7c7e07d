using System.Text.Json;
using System.Text.Json.Nodes;
using SyncMcp.Client.Replicate;

namespace SyncMcp.Guard;

/// <summary>Content of a definition that makes a consent typed, each in words for the question (guards.md "Tiers"). What cannot be read raises too.</summary>
internal static class Raising
{
    private static readonly string[] KnownTypes = ["Standard", "SyncAll", "LoadFolder", "ChangeDataCapture", "ReverseETL"];

    /// <summary>What a job holds of it, endpoints and existing tables left aside.</summary>
    public static IReadOnlyList<string> Of(JobState job)
    {
        var found = new List<string>();
        if (job.Type == "ReverseETL")
            found.Add("Type ReverseETL writes into an application.");
        else if (!KnownTypes.Contains(job.Type))
            found.Add("The job's type is unknown.");
        if (job.Job["events"] is not (null or JsonObject))
            found.Add("The scripts around the job cannot be read.");
        foreach (var (name, script) in job.Job["events"] as JsonObject ?? [])
        {
            Code(script, name switch
            {
                "pre_job" => "A script runs on the server before the job.",
                "post_job" => "A script runs on the server after the job.",
                _ => "A script of an unknown kind runs on the server.",
            });
        }

        Code(job.Member("settings", "other_options"), "Further options of the server are set (other_options).");
        if (Mails(job.Job) is { } mails)
            found.Add(mails);
        if (DefinitionMembers.IsUnreadable(job.Source))
            found.Add("What the source connection holds cannot be read.");
        if (DefinitionMembers.IsUnreadable(job.Destination))
            found.Add("What the destination connection holds cannot be read.");
        OfWriting(job, found);
        return found;

        void Code(JsonNode? member, string words)
        {
            // Anything but nothing: a script that is an object or a number is a script that we cannot read.
            if (member is not null && (member.GetValueKind() != JsonValueKind.String || !string.IsNullOrWhiteSpace(member.GetValue<string>())))
                found.Add(words);
        }
    }

    /// <summary>Words where a run is reported by mail: names, errors and counts go out to whoever stands there. Null where nothing is sent.</summary>
    public static string? Mails(JsonObject thing) => thing["alerts"] switch
    {
        null or JsonObject { Count: 0 } => null,
        JsonObject alerts when !DefinitionMembers.HasUnknownAlerts(alerts)
            && (alerts["send_email"]?.GetValueKind() == JsonValueKind.False || (alerts["send_email"] is null && string.IsNullOrWhiteSpace(alerts["email_to"]?.ToString()))) => null,
        _ => "Each run is reported by MAIL to the addresses that are named.",
    };

    /// <summary>The statement behind a task; null where it cannot be read.</summary>
    public static ReplicateStatement? StatementOf(JsonObject task)
    {
        try
        {
            return ReplicateStatement.Of(task["table"]?.ToString(), task["query"]?.ToString());
        }
        catch (ReplicateSyntaxException)
        {
            return null;
        }
    }

    private static void OfWriting(JobState job, List<string> found)
    {
        if (job.ReadSettings() is not { } settings)
        {
            found.Add("The job's settings cannot be read.");
            return;
        }

        var statements = job.Tasks.Select(StatementOf).ToList();
        if (statements.Contains(null))
            found.Add("A query cannot be read.");
        var effects = statements.OfType<ReplicateStatement>().Select(statement => statement.Over(settings)).Append(settings).ToList();
        if (effects.Exists(effect => effect.DropTable is true))
            found.Add("Destination tables are DROPPED before each run (drop_table).");
        if (effects.Exists(effect => effect.TruncateTableData is true))
            found.Add("All rows of destination tables are DELETED before each run (truncate_table_data).");
        if (effects.Exists(effect => effect.SkipDeleted is false))
            found.Add("Destination rows are DELETED when they are gone at the source (skip_deleted=false).");
    }
}
