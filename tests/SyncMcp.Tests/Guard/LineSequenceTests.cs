using System.Text.Json.Nodes;
using CsCheck;
using ModelContextProtocol.Protocol;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>
/// Random sequences of drafts, arming and runs of a job, a transformation, an event and the pipeline of all three, against a small model of the rules:
/// nothing is sent that runs or arms what nobody approved, and nothing that was approved is asked about again.
/// </summary>
public sealed class LineSequenceTests
{
    private enum Step
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

    private static readonly Gen<(Step Step, int Value, bool Yes)[]> Sequences =
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 2], Gen.Int[0, 9], (step, value, luck) => (step, value, luck < 7)).Array[60];

    [Fact]
    public async Task The_guard_does_what_the_rules_say_of_a_whole_line_whatever_the_order() => await Sequences.SampleAsync(PlayAsync, iter: 3, threads: 1);

    private static async Task PlayAsync((Step Step, int Value, bool Yes)[] steps)
    {
        var time = new JumpingTime();
        await using var server = await LineServer.StartAsync();
        await using var session = await server.SessionAsync(options => options with { Time = time });
        var model = new Model();
        foreach (var (step, value, yes) in steps)
        {
            session.Person.Answers(question =>
            {
                time.Jump(TimeSpan.FromSeconds(3)); // read
                return yes ? Yes(question) : new() { Action = "decline" };
            });
            time.Jump(TimeSpan.FromSeconds(61)); // past any pause
            var (tool, arguments, after, closure) = model.Foresee(step, value);
            var (need, effects, asked) = (model.NeedOf(closure), server.Effects, session.Person.Questions.Count);

            var answer = await session.CallAsync(tool, arguments);

            var what = $"{step} {value} {yes} in {model}: {answer.Text}";
            Assert.True(need == Shown(session.Person.Questions.Skip(asked).ToList()), $"{what}\nforeseen {need}");
            Assert.True((need == "" || yes) == !answer.IsError, what);
            Assert.True(server.Effects - effects == (answer.IsError ? 0 : 1), what);
            if (!answer.IsError)
                model.Done(after, closure);
        }
    }

    private static string Shown(List<ElicitRequestParams> questions) => questions switch
    {
        [] => "",
        [var one] => one.RequestedSchema!.Properties.Keys.Single(),
        _ => "several questions",
    };

    private static ElicitResult Yes(ElicitRequestParams question)
    {
        var person = new Person();
        person.Confirms();
        return person.AnswerAsync(question, default).AsTask().GetAwaiter().GetResult();
    }

    /// <summary>What guards.md says of closures and of what is armed, in few words.</summary>
    private sealed class Model
    {
        private static readonly string[] Triggers = ["None", "AfterJob", "Scheduled"];
        private static readonly JsonObject Daily = new() { ["enabled"] = true, ["cron"] = "0 0 2 1 1 *" };

        private World now = new(0, false, 0, "None", 0, false, 3, false);
        private readonly Dictionary<string, string> approved = new(StringComparer.Ordinal);

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

        public override string ToString() => $"{now}, approved {string.Join("; ", approved)}";

        /// <summary>The call, the world after it, and what it needs approved; nothing where nothing armed is touched.</summary>
        public (string Tool, JsonObject Arguments, World After, List<(string Kind, string Text)> Closure) Foresee(Step step, int value)
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
                case Step.RunJob:
                    return ("execute_job", Of("job_id", LineServer.Job), now, now.Closure("job"));
                case Step.RunNet:
                    return ("execute_transformation", Of("transformation_id", LineServer.Net), now, now.Closure("net"));
                case Step.RunLine:
                    return ("execute_pipeline", Of("pipeline_id", LineServer.Line), now, now.Closure("line"));
                case Step.Batch:
                    return Change("update_job", Of("job_id", LineServer.Job, "settings", new JsonObject { ["batch_size"] = value + 1 }), "job", now with { Batch = value + 1 }, world => world.IsJobArmed, world => world.JobText);
                case Step.ArmJob:
                    return Change("update_job", Of("job_id", LineServer.Job, "schedule", on ? Daily.DeepClone() : null), "job", now with { JobArmed = on }, world => world.IsJobArmed, world => world.JobText);
                case Step.Sql:
                    var sql = Of("transformation_id", LineServer.Net, "task_id", LineServer.Statement);
                    sql["query"] = $"SELECT {value}";
                    return Change("update_transformation_task", sql, "net", now with { Sql = value }, world => world.IsNetArmed, world => world.NetText);
                case Step.Trigger:
                    var trigger = new JsonObject { ["type"] = Triggers[value], ["after_job"] = value == 1 ? LineServer.Job : null, ["schedule_cron"] = value == 2 ? "0 0 2 1 1 *" : null };
                    return Change("update_transformation", Of("transformation_id", LineServer.Net, "trigger", trigger), "net", now with { Trigger = Triggers[value] }, world => world.IsNetArmed, world => world.NetText);
                case Step.Script:
                    var script = Of("pipeline_id", LineServer.Line, "event_id", LineServer.Report);
                    script["script"] = $"log({value})";
                    return Change("update_event", script, "report", now with { Script = value }, world => world.IsReportArmed, world => $"{world.Script}");
                case Step.ArmLine:
                    return Change("update_pipeline", Of("pipeline_id", LineServer.Line, "schedule", on ? Daily.DeepClone() : null), "line", now with { LineArmed = on }, world => world.LineArmed, world => world.LineText);
                case Step.Move:
                    var move = Of("pipeline_id", LineServer.Line, "step_id", LineServer.EventStep);
                    move["position"] = value + 1;
                    return Change("move_pipeline_step", move, "line", now with { Position = value + 1 }, world => world.LineArmed, world => world.LineText);
                default:
                    var off = Of("pipeline_id", LineServer.Line, "step_id", LineServer.EventStep);
                    off["enabled"] = !on;
                    return Change("update_pipeline_step", off, "line", now with { Off = on }, world => world.LineArmed, world => world.LineText);
            }
        }

        public string NeedOf(List<(string Kind, string Text)> closure)
        {
            var place = approved.ContainsKey("job") || approved.ContainsKey("net"); // an approved definition uses it
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
}
