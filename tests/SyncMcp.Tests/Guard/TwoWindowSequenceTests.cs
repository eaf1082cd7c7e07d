using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json.Nodes;
using CsCheck;
using SyncMcp.Guard;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Guard;

/// <summary>
/// Random interleavings in two windows on one server: calls, questions that stay open while other things happen, answers of every kind, answers to the same question
/// in both windows at once, forged, stolen and repeated answers, changes by somebody else, windows that close and open. Against a small model of the rules:
/// nothing that nobody approved runs, stopping and deleting take a consent of their own each time, what was approved is not asked about again.
/// </summary>
public sealed class TwoWindowSequenceTests
{
    private static readonly long Number = long.Parse(Environment.GetEnvironmentVariable("SYNCMCP_SEQUENCES") ?? "120", CultureInfo.InvariantCulture);

    private static readonly Gen<Move[]> Sequences =
        Gen.Select(Gen.Int[0, 99], Gen.Int[0, 12], Gen.Int[0, 2], Gen.Int[0, 1], Gen.Int[0, 9], (what, tool, value, window, luck) => new Move(what, tool, value, window, luck)).Array[4, 14];

    [Fact]
    public async Task Nothing_unapproved_runs_and_nothing_approved_is_asked_whatever_the_interleaving()
    {
        ConcurrentBag<Rig> idle = [];
        await Sequences.SampleAsync(async moves =>
        {
            if (!idle.TryTake(out var rig))
                rig = await Rig.StartAsync();
            rig.Reset();
            foreach (var move in moves)
                await rig.PlayAsync(move);
            idle.Add(rig); // one in which a sequence failed is not used again
        }, iter: Number);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Number} sequences: {string.Join(", ", idle.SelectMany(rig => rig.Counts).GroupBy(one => one.Key).OrderBy(group => group.Key).Select(group => $"{group.Sum(one => one.Value)} {group.Key}"))}");
        foreach (var rig in idle)
            await rig.DisposeAsync();
    }

    internal sealed record Move(int What, int Tool, int Value, int Window, int Luck);

    /// <summary>A question that was asked and may still be answered.</summary>
    private sealed record Open(string Tool, JsonObject Arguments, Func<(LineModel.World After, List<(string Kind, string Text)> Closure)> Now, string Need, string Shown, string State, string? Phrase, DateTimeOffset At);

    /// <summary>Two windows, the server, and the model.</summary>
    private sealed class Rig : IAsyncDisposable
    {
        private const int InvalidParams = -32602;
        private static readonly JsonObject Meta = new()
        {
            ["io.modelcontextprotocol/protocolVersion"] = "2026-07-28",
            ["io.modelcontextprotocol/clientInfo"] = new JsonObject { ["name"] = "windows", ["version"] = "1" },
            ["io.modelcontextprotocol/clientCapabilities"] = new JsonObject { ["elicitation"] = new JsonObject { ["form"] = new JsonObject() } },
        };

        private readonly string folder = Path.Combine(Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath(), $"smcp-{Guid.NewGuid():N}");
        private readonly JumpingTime time = new();
        private readonly LineServer server;
        private readonly StateStore store;
        private readonly Frames[] windows;
        private readonly List<Open> open = [];
        private readonly List<Open> answered = [];
        private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);
        private readonly List<string> story = [];
        private LineModel model = new();
        private int id;

        private Rig(LineServer server)
        {
            this.server = server;
            store = new(new(Options.OperatorFolder), time);
            windows = [new(Options), new(Options)];
        }

        /// <summary>What happened so far, and how often.</summary>
        public IReadOnlyDictionary<string, int> Counts => counts;

        private ServerOptions Options => new() { DataDirectory = Path.Combine(folder, "data"), OperatorFolder = Path.Combine(folder, "operator"), Server = server.Address, Token = StubServer.Token, Time = time };

        public static async Task<Rig> StartAsync() => new(await LineServer.StartAsync());

        public void Reset()
        {
            server.Reset();
            store.Write(session => session.Execute("DELETE FROM approval; DELETE FROM question; DELETE FROM code; DELETE FROM token"));
            (model, id) = (new(), 0);
            open.Clear();
            answered.Clear();
            story.Clear();
            time.Jump(TimeSpan.FromSeconds(61)); // past any pause
        }

        public async Task PlayAsync(Move move)
        {
            time.Jump(TimeSpan.FromSeconds(70)); // read, and past any pause
            story.Add($"{move} in {model}");
            switch (move.What)
            {
                case < 74 when move.What < 50 || open.Count == 0:
                    await AskAsync(move);
                    break;
                case < 74:
                    await AnswerAsync(Taken(move), move, HowOf(move.Luck));
                    break;
                case >= 74 and < 80:
                    model.SomebodySets(move.Value + 1);
                    server.SomebodySets(move.Value + 1);
                    Count("changes by somebody else");
                    break;
                case >= 80 and < 85 when answered.Count > 0:
                    await RefusedAsync(move, answered[move.Tool % answered.Count], answered[move.Tool % answered.Count].State, "answers twice");
                    break;
                case >= 85 and < 90 when open.Count > 0:
                    await RefusedAsync(move, open[move.Tool % open.Count], Bent(open[move.Tool % open.Count].State, move.Luck), "forged answers");
                    break;
                case >= 90 and < 94 when open.Count > 0:
                    // somebody's answer to one question, with another call
                    var (stolen, other) = (open[move.Tool % open.Count], Foreseen(move with { Tool = (move.Tool + 1) % 13 }));
                    if (other.Tool != stolen.Tool || !JsonNode.DeepEquals(other.Arguments, stolen.Arguments))
                        await RefusedAsync(move, stolen with { Tool = other.Tool, Arguments = other.Arguments }, stolen.State, "stolen answers");
                    break;
                case >= 94 and < 99 when open.Count > 0:
                    await RaceAsync(Taken(move), move);
                    break;
                case 99:
                    await windows[move.Window].DisposeAsync();
                    windows[move.Window] = new(Options);
                    Count("windows opened anew");
                    break;
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var window in windows)
                await window.DisposeAsync();
            await server.DisposeAsync();
            Directory.Delete(folder, recursive: true);
        }

        private async Task AskAsync(Move move)
        {
            var (tool, arguments, now, fixedNeed) = Foreseen(move);
            var (_, closure) = now();
            var (need, effects) = (fixedNeed ?? model.NeedOf(closure), server.Effects);

            var answer = await CallAsync(move.Window, tool, arguments, null, null);

            if (need.Length == 0)
            {
                Held(Outcome(answer) == "executed" && server.Effects == effects + 1, $"needs nothing: {answer}");
                model.Done(now().After, closure);
                Count("silent");
                return;
            }

            var form = answer["result"]?["inputRequests"]?["answer"]?["params"]?["requestedSchema"]?["properties"] as JsonObject;
            Held(server.Effects == effects && form?.Single().Key == need, $"needs {need}: {answer}");
            var phrase = need == "phrase" ? ((string)form!["phrase"]!["description"]!)["Type \"".Length..^1] : null;
            open.Add(new(tool, arguments, now, need, fixedNeed ?? model.Shown(closure), (string)answer["result"]!["requestState"]!, phrase, time.GetUtcNow()));
            Count("questions");
            if (move.Luck < 4)
            {
                time.Jump(TimeSpan.FromSeconds(3));
                var asked = open[^1];
                open.RemoveAt(open.Count - 1);
                await AnswerAsync(asked, move, HowOf(move.What % 10));
            }
        }

        private async Task AnswerAsync(Open asked, Move move, string how)
        {
            var effects = server.Effects;
            var expected = Expected(asked, how);
            var answer = await CallAsync(move.Window, asked.Tool, asked.Arguments, asked.State, AnswerOf(asked, how));
            Held(Outcome(answer) == expected && server.Effects == effects + (expected == "executed" ? 1 : 0), $"{how} to {asked.Tool}, expected {expected}: {answer}");
            Ends(asked, expected);
        }

        // The same yes in both windows at once: it counts once.
        private async Task RaceAsync(Open asked, Move move)
        {
            var effects = server.Effects;
            var expected = Expected(asked, "yes");
            var both = await Task.WhenAll(CallAsync(0, asked.Tool, asked.Arguments, asked.State, AnswerOf(asked, "yes")), CallAsync(1, asked.Tool, asked.Arguments, asked.State, AnswerOf(asked, "yes")));
            string[] outcomes = expected == "-32602" ? ["-32602", "-32602"] : [expected, "-32602"];
            Held(both.Select(Outcome).Order(StringComparer.Ordinal).SequenceEqual(outcomes.Order(StringComparer.Ordinal)) && server.Effects == effects + (expected == "executed" ? 1 : 0),
                $"{move}: both at once, expected {expected}: {both[0]} {both[1]}");
            Ends(asked, expected);
            Count("answers in both windows at once");
        }

        private string Expected(Open asked, string how)
        {
            if (time.GetUtcNow() - asked.At > TimeSpan.FromMinutes(10))
                return "-32602"; // too old
            var (_, closure) = asked.Now();
            if (closure.Count > 0 || asked.Need == asked.Shown)
            {
                var own = asked.Need == asked.Shown; // of a call that takes a consent of its own each time
                if (!own && model.NeedOf(closure).Length == 0)
                    return "executed"; // it was approved meanwhile
                if (!own && model.Shown(closure) != asked.Shown)
                    return "state_changed";
                return how switch { "yes" => "executed", "no" => "declined", "closed" => "cancelled", _ => "not_confirmed" };
            }

            return "executed"; // nothing armed is touched any more
        }

        private void Ends(Open asked, string outcome)
        {
            answered.Add(asked);
            Count(outcome);
            if (outcome == "executed")
                model.Done(asked.Now().After, asked.Now().Closure);
        }

        private async Task RefusedAsync(Move move, Open asked, string state, string what)
        {
            var effects = server.Effects;
            var answer = await CallAsync(move.Window, asked.Tool, asked.Arguments, state, AnswerOf(asked, "yes"));
            Held(Outcome(answer) == "-32602" && server.Effects == effects, $"{what}: {answer}");
            Count(what);
        }

        private (string Tool, JsonObject Arguments, Func<(LineModel.World After, List<(string Kind, string Text)> Closure)> Now, string? Need) Foreseen(Move move)
        {
            if (move.Tool == 11)
                return ("cancel_job", new() { ["job_id"] = LineServer.Job }, () => (model.Now, []), "confirm");
            if (move.Tool == 12)
                return ("delete_user", new() { ["user_id"] = LineServer.User }, () => (model.Now, []), "phrase");
            var step = (LineStep)move.Tool;
            var (tool, arguments, _, _) = model.Foresee(step, move.Value);
            return (tool, arguments, () => model.Foresee(step, move.Value) is var then ? (then.After, then.Closure) : default, null);
        }

        private Open Taken(Move move)
        {
            var taken = open[move.Tool % open.Count];
            open.Remove(taken);
            return taken;
        }

        private static string HowOf(int luck) => luck switch { < 6 => "yes", 6 => "no", 7 => "closed", 8 => "empty", _ => "another phrase" };

        private static JsonObject AnswerOf(Open asked, string how)
        {
            JsonObject content = how switch
            {
                "yes" => asked.Phrase is { } phrase ? new() { ["phrase"] = phrase } : new() { ["confirm"] = true },
                "another phrase" => new() { ["phrase"] = "run another", ["confirm"] = false },
                _ => [],
            };
            return new() { ["answer"] = new JsonObject { ["action"] = how switch { "no" => "decline", "closed" => "cancel", _ => "accept" }, ["content"] = content } };
        }

        private static string Bent(string state, int how) => how switch
        {
            < 3 => "made.up",
            < 6 => state.Split('.')[0] + "." + new string('A', 43),
            _ => (state[0] == 'x' ? 'y' : 'x') + state[1..],
        };

        private Task<JsonObject> CallAsync(int window, string tool, JsonObject arguments, string? state, JsonObject? responses)
        {
            var parameters = new JsonObject { ["name"] = tool, ["arguments"] = arguments.DeepClone(), ["_meta"] = Meta.DeepClone() };
            if (state is not null)
                (parameters["requestState"], parameters["inputResponses"]) = (state, responses!.DeepClone());
            return windows[window].AskAsync(Frames.Request(++id, "tools/call", parameters));
        }

        private static string Outcome(JsonObject answer) =>
            answer["error"] is { } error ? $"{error["code"]}"
            : answer["result"]?["structuredContent"] is JsonObject content ? (string?)content["code"] ?? (string?)content["outcome"] ?? "" : "asked";

        private void Held(bool holds, string what) => Assert.True(holds, $"{what}\n{string.Join('\n', story)}");

        private void Count(string what) => counts[what] = counts.GetValueOrDefault(what) + 1;
    }
}
