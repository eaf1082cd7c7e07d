using System.Text.Json.Nodes;

namespace SyncMcp.Tests.Guard;

/// <summary>What can happen to the line of <see cref="LineServer"/> through its tools.</summary>
internal enum LineStep
{
    RunJob,
    RunNet,
    RunLine,
    Batch,
    ArmJob,
    Sql,
    Trigger,
    Script,
    ArmLine,
    Move,
    Off,
}

/// <summary>What guards.md says of closures and of what is armed, in few words.</summary>
internal sealed class LineModel
{
    private static readonly string[] Triggers = ["None", "AfterJob", "Scheduled"];
    private static readonly JsonObject Daily = new() { ["enabled"] = true, ["cron"] = "0 0 2 1 1 *" };

    private World now = new(0, false, 0, "None", 0, false, 3, false);
    private readonly Dictionary<string, string> approved = new(StringComparer.Ordinal);

    /// <summary>What the server holds, in few words.</summary>
    internal sealed record World(int Batch, bool JobArmed, int Sql, string Trigger, int Script, bool LineArmed, int Position, bool Off)
    {
        public string JobText => $"{Batch} {JobArmed}";

        public string NetText => $"{Sql} {Trigger}";

        public string LineText => $"{LineArmed} {Position} {Off}";

        public bool IsJobArmed => JobArmed || LineArmed;

        public bool IsNetArmed => LineArmed || Trigger == "Scheduled" || (Trigger == "AfterJob" && IsJobArmed);

        public bool IsReportArmed => LineArmed && !Off;

        public List<(string Kind, string Text)> Closure(string kind) => kind switch
        {
            "job" when Trigger == "AfterJob" => [("job", JobText), ("net", NetText)],
            "job" => [("job", JobText)],
            "net" => [("net", NetText)],
            "report" => [("report", $"{Script}")],
            _ => [("line", LineText), ("job", JobText), ("net", NetText), .. Off ? Array.Empty<(string, string)>() : [("report", $"{Script}")]],
        };
    }

    public World Now => now;

    public override string ToString() => $"{now}, approved {string.Join("; ", approved)}";

    /// <summary>The call, the world after it, and what it needs approved; nothing where nothing armed is touched.</summary>
    public (string Tool, JsonObject Arguments, World After, List<(string Kind, string Text)> Closure) Foresee(LineStep step, int value)
    {
        var on = value == 1;
        JsonObject Of(string key, string id, string? member = null, JsonNode? node = null)
        {
            var arguments = new JsonObject { [key] = id };
            if (member is not null)
                arguments[member] = node;
            return arguments;
        }

        switch (step)
        {
            case LineStep.RunJob:
                return ("execute_job", Of("job_id", LineServer.Job), now, now.Closure("job"));
            case LineStep.RunNet:
                return ("execute_transformation", Of("transformation_id", LineServer.Net), now, now.Closure("net"));
            case LineStep.RunLine:
                return ("execute_pipeline", Of("pipeline_id", LineServer.Line), now, now.Closure("line"));
            case LineStep.Batch:
                return Change("update_job", Of("job_id", LineServer.Job, "settings", new JsonObject { ["batch_size"] = value + 1 }), "job", now with { Batch = value + 1 }, world => world.IsJobArmed, world => world.JobText);
            case LineStep.ArmJob:
                return Change("update_job", Of("job_id", LineServer.Job, "schedule", on ? Daily.DeepClone() : null), "job", now with { JobArmed = on }, world => world.IsJobArmed, world => world.JobText);
            case LineStep.Sql:
                var sql = Of("transformation_id", LineServer.Net, "task_id", LineServer.Statement);
                sql["query"] = $"SELECT {value}";
                return Change("update_transformation_task", sql, "net", now with { Sql = value }, world => world.IsNetArmed, world => world.NetText);
            case LineStep.Trigger:
                var trigger = new JsonObject { ["type"] = Triggers[value], ["after_job"] = value == 1 ? LineServer.Job : null, ["schedule_cron"] = value == 2 ? "0 0 2 1 1 *" : null };
                return Change("update_transformation", Of("transformation_id", LineServer.Net, "trigger", trigger), "net", now with { Trigger = Triggers[value] }, world => world.IsNetArmed, world => world.NetText);
            case LineStep.Script:
                var script = Of("pipeline_id", LineServer.Line, "event_id", LineServer.Report);
                script["script"] = $"log({value})";
                return Change("update_event", script, "report", now with { Script = value }, world => world.IsReportArmed, world => $"{world.Script}");
            case LineStep.ArmLine:
                return Change("update_pipeline", Of("pipeline_id", LineServer.Line, "schedule", on ? Daily.DeepClone() : null), "line", now with { LineArmed = on }, world => world.LineArmed, world => world.LineText);
            case LineStep.Move:
                var move = Of("pipeline_id", LineServer.Line, "step_id", LineServer.EventStep);
                move["position"] = value + 1;
                return Change("move_pipeline_step", move, "line", now with { Position = value + 1 }, world => world.LineArmed, world => world.LineText);
            default:
                var off = Of("pipeline_id", LineServer.Line, "step_id", LineServer.EventStep);
                off["enabled"] = !on;
                return Change("update_pipeline_step", off, "line", now with { Off = on }, world => world.LineArmed, world => world.LineText);
        }
    }

    /// <summary>Somebody else changes how many rows the job moves at once.</summary>
    public void SomebodySets(int batch) => now = now with { Batch = batch };

    /// <summary>All that a question about a closure rests on: another text where an answer to it is void.</summary>
    public string Shown(List<(string Kind, string Text)> closure) =>
        string.Join('|', closure.Select(one => $"{one.Kind} {one.Text} {approved.GetValueOrDefault(one.Kind)}").Append($"{IsPlaceKnown} {NeedOf(closure)}"));

    private bool IsPlaceKnown => approved.ContainsKey("job") || approved.ContainsKey("net"); // an approved definition uses it

    public string NeedOf(List<(string Kind, string Text)> closure)
    {
        var place = IsPlaceKnown;
        var needs = closure.Where(one => approved.GetValueOrDefault(one.Kind) != one.Text)
            .Select(one => one.Kind is "net" or "report" || (one.Kind == "job" && !place) ? "phrase" : "confirm").ToList();
        return needs.Contains("phrase") ? "phrase" : needs.FirstOrDefault() ?? "";
    }

    public void Done(World after, List<(string Kind, string Text)> closure)
    {
        now = after;
        foreach (var (kind, text) in closure)
            approved[kind] = text;
    }

    private (string Tool, JsonObject Arguments, World After, List<(string Kind, string Text)> Closure) Change(
        string tool, JsonObject arguments, string kind, World after, Func<World, bool> armed, Func<World, string> text) =>
        (tool, arguments, after, text(now) == text(after) || (!armed(now) && !armed(after)) ? [] : after.Closure(kind));
}
