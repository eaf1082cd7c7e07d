using ModelContextProtocol;
using ModelContextProtocol.Client;
using SyncMcp.Transports;

namespace SyncMcp.Commands.Demo;

/// <summary>The demo from beginning to end: a client and our server, talking MCP over the same lines as on stdio, on the embedded engine.</summary>
internal static class Story
{
    /// <summary>Tells it; true when every check held.</summary>
    public static async Task<bool> TellAsync(Stage stage, CancellationToken ct)
    {
        var screen = stage.Screen;
        var checks = new Checks(screen);
        var person = new Person(screen, stage.Thinking, TimeProvider.System);
        var begun = TimeProvider.System.GetTimestamp();
        try
        {
            screen.Say("syncmcp demo: an assistant replicates a shop. Each line with > is the MCP call that it makes, below it the answer in short.");
            await using var session = await LocalSession.StartAsync(Options(stage), Client(person), ct);
            var scene = new Scene(stage, new(session.Client, screen), person, checks);

            await ReplicateChapters.SetUpAsync(scene, session.Client, ct);
            var first = await ReplicateChapters.FirstRunAsync(scene, ct);
            await ReplicateChapters.OneDayAsync(scene, ct);
            await CatalogChapter.TellAsync(scene, ct);
            await GuardChapter.TellAsync(scene, ct);
            await FailureChapter.TellAsync(scene, ct);
            ProofChapter.Compare(scene);
            if (stage.Postgres is { } place)
                await PostgresChapter.TellAsync(scene, place, ct);
            ProofChapter.Sum(scene, first, TimeProvider.System.GetElapsedTime(begun));
        }
        catch (Exception ex) when (ex is StoryEndedException or McpException or IOException or System.Data.Common.DbException)
        {
            checks.That(held: false, ex.Message);
        }

        screen.Say("");
        screen.Say(checks.Failed.Count == 0 ? $"All {checks.Count} checks held." : $"{checks.Failed.Count} of {checks.Count} checks FAILED: {string.Join("; ", checks.Failed)}");
        if (checks.Failed.Count == 0)
            ProofChapter.NextSteps(screen, stage.Playground);
        return checks.Failed.Count == 0;
    }

    private static ServerOptions Options(Stage stage) => new()
    {
        DataDirectory = stage.Playground.Data,
        OperatorFolder = stage.Playground.Operator,
        Workspace = "demo",
    };

    private static McpClientOptions Client(Person person) => new()
    {
        ClientInfo = new() { Name = "syncmcp-demo", Version = SyncMcpServer.Version },
        Handlers = new() { ElicitationHandler = person.AnswerAsync },
    };
}
