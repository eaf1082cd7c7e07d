using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using SyncMcp.Client;
using SyncMcp.Filters;
using SyncMcp.Resources;
using SyncMcp.Runs;

namespace SyncMcp.Tools;

/// <summary>Starts a job, transformation or pipeline and waits for it; where it runs already, waits for that run.</summary>
internal static class Run
{
    private const int UsualPatience = 20;

    public static readonly OwnTool Tool = OwnTool.Change("run", "runs",
        "Run a job, transformation or pipeline and wait for the end. What runs already is joined, not started again. Returns what follow_run returns: how it went, or run_id and when to check again. For single tasks or a full refresh use execute_job.",
        static () => RunJson.Default.WhatToRun, AnswerAsync, Kind.Execute);

    private static async Task<ToolAnswer> AnswerAsync(Workbench bench, WhatToRun asked, CancellationToken ct)
    {
        var (area, id) = Named.One(Tool.Name, asked.JobId, asked.TransformationId, asked.PipelineId);
        var thing = (await bench.Client.SendAsync(area.Get, area.Get.Read(new() { [area.Id] = id }), null, ct)).Body;
        var name = thing["name"]?.ToString() ?? id;
        if (await RunningAsync(bench, area, id, ct) is { } running)
            return await FollowAsync(bench, area, running, name, asked, joined: true, replayed: false, ct);

        // Without a headline the question is the one that execute_* asks.
        var ended = (await bench.SendAsync("", [new(area.Execute, new() { [area.Id] = id })], ct))[0].Answer!;
        if (ended.Error is { Code: "already_running" } && await RunningAsync(bench, area, id, ct) is { } other)
            return await FollowAsync(bench, area, other, name, asked, joined: true, replayed: false, ct); // somebody was faster
        return ended.Error is not null ? ended : await FollowAsync(bench, area, SeenRun.Of(area.Noun, id, null, ended.Body ?? []), name, asked, joined: false, ended.Replayed, ct);
    }

    private static async Task<SeenRun?> RunningAsync(Workbench bench, ResourceArea area, string id, CancellationToken ct) =>
        await new RunFollower(bench.Client, bench.Options.Time).LookAsync(area, id, run: null, ct) is { HasBegun: true, Run: { IsOver: false, State: Client.Jobs.RunState.Running } } seen ? seen : null;

    // It has begun: whatever happens to the waiting, that is what the answer says.
    private static async Task<ToolAnswer> FollowAsync(Workbench bench, ResourceArea area, SeenRun begun, string name, WhatToRun asked, bool joined, bool replayed, CancellationToken ct)
    {
        var last = begun;
        JsonObject result;
        try
        {
            last = await FollowRun.WaitAsync(bench, area, begun.Run.Owner, begun.Run.Id is { Length: > 0 } run ? run : null, name, RunFollower.Patience(asked.WaitSeconds, UsualPatience), ct) ?? begun;
            result = await new RunDigest(bench.Client, bench.Options.Time).OfAsync(area, last, name, ct);
        }
        catch (Exception ex) when (ex is SyncApiException or OperationCanceledException)
        {
            result = new() { ["kind"] = area.Noun, [area.Id] = last.Run.Owner, ["name"] = name, ["run_id"] = last.Run.Id, ["status"] = last.Run.Status, ["next"] = $"It could not be followed; the run goes on. follow_run or get_{area.Noun}_status shows it." };
        }

        if (joined)
            result["joined"] = "It was running already: nothing was started, and this is that run.";
        return new() { Outcome = joined ? Outcome.NotExecuted : Outcome.Executed, Body = result, Replayed = replayed };
    }
}

/// <summary>Arguments of <c>run</c>.</summary>
internal sealed record WhatToRun
{
    /// <summary>A job.</summary>
    [Names("job")] public string? JobId { get; init; }

    /// <summary>A transformation.</summary>
    [Names("transformation")] public string? TransformationId { get; init; }

    /// <summary>A pipeline.</summary>
    [Names("pipeline")] public string? PipelineId { get; init; }

    /// <summary>Default 20; 0 starts only.</summary>
    [Range(0, RunFollower.MostSeconds)] public int? WaitSeconds { get; init; }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(WhatToRun))]
internal sealed partial class RunJson : JsonSerializerContext;
