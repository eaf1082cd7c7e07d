using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Client.Jobs;
using SyncMcp.Filters;
using SyncMcp.Guard;
using SyncMcp.Plans;
using SyncMcp.Setup;

namespace SyncMcp.Tools;

/// <summary>"Copy these tables from A to B every hour": connections checked, job, tasks and schedule in one plan and one consent.</summary>
internal static class CreateReplication
{
    public static readonly OwnTool Tool = OwnTool.Change("create_replication", "setup",
        "Copy tables from one connection to another by a schedule: checks both connections and the tables, makes job, tasks and schedule after one question. dry_run shows check columns, keys, doubtful types and the next five times, and gives a plan_id for apply_plan.",
        ReplicationJson.Default.WhatToReplicate, AnswerAsync);

    private static async Task<ToolAnswer> AnswerAsync(Workbench bench, WhatToReplicate asked, CancellationToken ct)
    {
        var cron = asked.Every is null ? null : CronTimes.Expression(asked.Every) ?? throw new ToolException(new("invalid_arguments", "every: nobody can say when that is.", "For example hour, 15 minutes, day at 02:00, week; or six fields of cron: second minute hour day month weekday."));
        var tables = new ConnectionTables(bench);
        await tables.ContactAsync([asked.SourceId, asked.DestinationId], ct);
        var chosen = await ChosenTable.ReadAsync(tables, asked.SourceId, asked.Tables, ct);
        var written = await tables.WrittenAsync(asked.DestinationId, asked.DestinationSchema, ct);
        var made = await Planning.MakeAsync(bench, "MAKE this replication?", Work(asked, chosen, cron), ct);
        var shown = Shown(bench, asked, chosen, written, cron);
        if (asked.DryRun == true)
        {
            var view = PlanView.Of(made.Plan, []);
            foreach (var (name, value) in shown)
                view[name] = value?.DeepClone();
            view.Remove("groups"); // said by table above
            view["next"] = "Nothing was made. apply_plan with this plan_id makes it.";
            return new() { Outcome = Outcome.NotExecuted, Body = view };
        }

        var answer = await Applying.ApplyAsync(bench, made.Plan.Id, ct);
        if (answer.Error is not null)
            return answer;
        var job = answer.Body!["made"]?[0]?["id"]?.ToString() ?? "";
        shown["job_id"] = job;
        shown["plan_id"] = made.Plan.Id;
        // The server's own words, where it says them.
        if (cron is not null && (await bench.Snapshots.BodyAsync(JobEndpoints.Get, JobEndpoints.Get.Read(new() { ["job_id"] = job }), ct))["next_runs"] is { } next)
            shown["schedule"]!["next_runs"] = next.DeepClone();
        shown["next"] = $"It is made{(cron is null ? "; it has no schedule" : " and armed")}. run starts it now; undo with this plan_id takes it back.";
        return new() { Outcome = Outcome.Executed, Body = shown };
    }

    // Switched on when all is there: one question shows the whole.
    private static IReadOnlyList<Operation> Work(WhatToReplicate asked, IReadOnlyList<ChosenTable> chosen, string? cron)
    {
        var operations = new Operations();
        var settings = new JsonObject();
        if (asked.DestinationSchema is { } schema)
            settings["destination_schema"] = schema;
        if (asked.TableNamePrefix is { } prefix)
            settings["table_name_prefix"] = prefix;
        var create = new JsonObject { ["name"] = asked.Name, ["source_connection"] = asked.SourceId, ["destination_connection"] = asked.DestinationId };
        if (asked.WorkspaceId is { } workspace)
            create["workspace_id"] = workspace;
        if (settings.Count > 0)
            create["settings"] = settings;
        var job = operations.Add(JobEndpoints.Create, create);
        foreach (var table in chosen)
            operations.Add(JobEndpoints.AddTask, table.Task(job));
        if (cron is not null)
            operations.Add(JobEndpoints.Update, new() { ["job_id"] = job, ["schedule"] = new JsonObject { ["enabled"] = true, ["cron"] = cron } });
        return operations.All;
    }

    private static JsonObject Shown(Workbench bench, WhatToReplicate asked, IReadOnlyList<ChosenTable> chosen, IReadOnlySet<string> written, string? cron)
    {
        var shown = new JsonObject
        {
            ["tables"] = new JsonArray([.. chosen.Select(table =>
            {
                var one = table.Shown();
                var target = $"{asked.TableNamePrefix}{table.Table}";
                if (target != table.Table)
                    one["into"] = target;
                if (written.Contains(target))
                    one["exists_there"] = true;
                var doubtful = table.Columns.Where(column => SchemaCompare.Family(column.Type) is null).Select(column => $"{column.Name} {column.Type}".TrimEnd()).ToList();
                if (doubtful.Count > 0)
                    one["types_to_look_at"] = Text.Array(doubtful.Take(20));
                return (JsonNode)one;
            })]),
        };
        if (cron is not null)
        {
            var times = CronTimes.Read(cron);
            shown["schedule"] = new JsonObject
            {
                ["cron"] = cron,
                ["words"] = times?.Words,
                ["next_five"] = times is null ? null : Text.Array(times.Next(TimeZoneInfo.ConvertTime(bench.Options.Time.GetUtcNow(), bench.Options.Time.LocalTimeZone).DateTime, 5)),
                ["time_zone"] = bench.Options.Server is null ? bench.Options.Time.LocalTimeZone.Id : "the server's own; shown by the clock of this machine",
            };
        }

        return shown;
    }
}

/// <summary>Arguments of <c>create_replication</c>.</summary>
internal sealed record WhatToReplicate
{
    /// <summary>Name of the job.</summary>
    [StringLength(Limits.Name, MinimumLength = 1)] public required string Name { get; init; }

    /// <summary>Connection to read.</summary>
    [Names("connection")] public required string SourceId { get; init; }

    /// <summary>Connection to write.</summary>
    [Names("connection")] public required string DestinationId { get; init; }

    /// <summary>Tables to copy.</summary>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "Read by the generator of schemas alone; nothing is counted by reflection.")]
    [MinLength(1), MaxLength(200)] public required IReadOnlyList<WantedTable> Tables { get; init; }

    /// <summary>hour, 15 minutes, day at 02:00, week, or six fields of cron; no schedule by default.</summary>
    [StringLength(Limits.Name)] public string? Every { get; init; }

    /// <summary>Before destination table names.</summary>
    [StringLength(Limits.Name)] public string? TableNamePrefix { get; init; }

    /// <summary>Schema at the destination.</summary>
    [StringLength(Limits.Name)] public string? DestinationSchema { get; init; }

    /// <summary>Shows it and makes nothing.</summary>
    public bool? DryRun { get; init; }

    /// <summary>Workspace of the job.</summary>
    [Names("workspace")] public string? WorkspaceId { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhatToReplicate))]
internal sealed partial class ReplicationJson : JsonSerializerContext;
