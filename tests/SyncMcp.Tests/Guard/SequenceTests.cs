using System.Text.Json.Nodes;
using CsCheck;
using ModelContextProtocol.Protocol;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>
/// Random sequences of drafts, arming, runs and answers against a small model of the rules: nothing runs or is armed that is neither plain nor approved,
/// no part is deleted without a yes, approved repeats never ask.
/// </summary>
public sealed class SequenceTests
{
    private enum Step
    {
        Execute,
        Drop,
        Batch,
        Arm,
        AddTask,
        DeleteTask,
    }

    private static readonly Gen<(Step Step, int Value, bool Yes)[]> Sequences =
        Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 1], Gen.Bool, (step, value, yes) => (step, value, yes)).Array[60];

    [Fact]
    public async Task The_guard_does_what_the_rules_say_whatever_the_order() => await Sequences.SampleAsync(PlayAsync, iter: 4, threads: 1);

    private static async Task PlayAsync((Step Step, int Value, bool Yes)[] steps)
    {
        var time = new JumpingTime();
        await using var session = await SyncSession.StartAsync(options => options with { Time = time });
        var shop = await SmallShop.OpenAsync(session);
        var model = new Model(await shop.JobAsync());
        foreach (var (step, value, yes) in steps)
        {
            session.Person.Answers(question =>
            {
                time.Jump(TimeSpan.FromSeconds(3)); // read
                return yes ? Yes(question) : new() { Action = "decline" };
            });
            if (model.Foresee(step, value) is not { } foreseen)
                continue;
            time.Jump(TimeSpan.FromSeconds(61)); // past any pause
            var asked = session.Person.Questions.Count;
            var answer = await session.CallAsync(foreseen.Tool, foreseen.Arguments);

            var what = $"{step} {value} {yes} in {model}: {answer.Text}";
            Assert.True(foreseen.Need == NeedOf(session.Person.Questions.Skip(asked).ToList()), $"{what}\nforeseen {foreseen.Need}, asked {session.Person.Questions.Count - asked}");
            Assert.True((foreseen.Need == "" || yes) == !answer.IsError, what);
            if (!answer.IsError)
                foreseen.Done();
            if (step == Step.Execute && !answer.IsError)
                Assert.Equal("Successful", (string?)(await session.RunEndedAsync(model.Job))["status"]);
        }
    }

    private static string NeedOf(List<ElicitRequestParams> questions) => questions switch
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

    /// <summary>What guards.md and contracts.md say, in few words.</summary>
    private sealed class Model(string job)
    {
        private static readonly string[] Tables = ["customers", "orders"];

        private Draft now = new(false, 0, false, "");
        private (Draft Draft, bool Plain)? approved;
        private readonly HashSet<string> made = [];

        private sealed record Draft(bool Drop, int Batch, bool Armed, string Tasks)
        {
            public string[] List => Tasks.Split(',', StringSplitOptions.RemoveEmptyEntries);
        }

        public string Job => job;

        public override string ToString() => $"{now}, approved {approved}, made {string.Join(',', made)}";

        /// <summary>The call of a step, what it must ask, and what is true once it is done; null for a step that makes no sense now.</summary>
        public (string Tool, JsonObject Arguments, string Need, Action Done)? Foresee(Step step, int value)
        {
            var arguments = new JsonObject { ["job_id"] = job };
            switch (step)
            {
                case Step.Execute when now.List.Length > 0:
                    var (need, plain) = Judge(now);
                    return ("execute_job", arguments, need, () =>
                    {
                        Approve(now, need, plain);
                        made.UnionWith(now.List);
                    }
                    );
                case Step.Drop:
                    arguments["settings"] = new JsonObject { ["drop_table"] = value == 1 ? true : null };
                    return Change("update_job", arguments, now with { Drop = value == 1 });
                case Step.Batch:
                    arguments["settings"] = new JsonObject { ["batch_size"] = value == 1 ? 500 : null };
                    return Change("update_job", arguments, now with { Batch = value });
                case Step.Arm:
                    arguments["schedule"] = value == 1 ? new JsonObject { ["enabled"] = true, ["cron"] = "0 0 2 1 1 *" } : null;
                    return Change("update_job", arguments, now with { Armed = value == 1 });
                case Step.AddTask when !now.List.Contains(Tables[value]):
                    arguments["table"] = Tables[value];
                    return Change("add_job_task", arguments, now with { Tasks = string.Join(',', now.List.Append(Tables[value])) });
                case Step.DeleteTask when now.List.Contains(Tables[value]):
                    arguments["task_id"] = Tables[value];
                    var change = Change("delete_job_task", arguments, now with { Tasks = string.Join(',', now.List.Where(table => table != Tables[value])) });
                    return change.Need.Length > 0 ? change : (change.Tool, change.Arguments, "confirm", change.Done);
                default:
                    return null;
            }
        }

        private (string Tool, JsonObject Arguments, string Need, Action Done) Change(string tool, JsonObject arguments, Draft after)
        {
            if ((!now.Armed && !after.Armed) || now == after)
                return (tool, arguments, "", () => now = after);
            var (need, plain) = Judge(after);
            return (tool, arguments, need, () =>
            {
                now = after;
                Approve(after, need, plain);
            }
            );
        }

        private (string Need, bool Plain) Judge(Draft after)
        {
            if (approved?.Draft == after)
                return ("", approved.Value.Plain);
            if (!after.Drop && (approved is null || (approved is { Plain: true } ran && IsStillPlain(ran.Draft, after))))
                return ("", true);
            return (after.Drop ? "phrase" : "confirm", false);
        }

        // As new where nothing was written yet; else another task into an absent table, or in the place of one that has written nothing.
        private bool IsStillPlain(Draft ran, Draft after) =>
            (!ran.List.Any(made.Contains) && !after.List.Any(made.Contains))
            || (ran.Batch == after.Batch && ran.Drop == after.Drop && !ran.List.Except(after.List).Any(made.Contains) && !after.List.Except(ran.List).Any(made.Contains));

        private void Approve(Draft draft, string need, bool plain)
        {
            if (plain || need.Length > 0)
                approved = (draft, plain);
        }
    }
}
