using System.CommandLine;

namespace SyncMcp.Commands.Demo;

/// <summary><c>syncmcp demo</c>: the whole product before your eyes, in a directory of its own. It looks at no setting and touches nothing of yours.</summary>
internal static class DemoCommand
{
    public static Command Create()
    {
        var keep = new Option<string?>("--keep") { HelpName = "DIR", Description = "Keep the data in this new or empty directory; else it is temporary." };
        var postgres = new Option<string?>("--postgres") { HelpName = "CONNSTRING", Description = $"Replicate into this PostgreSQL server too, in a schema {PostgresPlace.Schema} that is dropped at the end: \"Server=…;Database=…;User=…;Password=…\" or postgresql://…" };
        var command = new Command("demo", "Show everything: 200,000 rows replicated, changes picked up, an overwrite held back, a failure explained. Needs nothing; takes half a minute.") { keep, postgres };
        command.SetAction(async (parsed, ct) =>
        {
            await using var place = parsed.GetValue(postgres) is { } server ? PostgresPlace.Parse(server) : null;
            using var playground = Playground.Open(parsed.GetValue(keep));
            var screen = new Screen(parsed.InvocationConfiguration.Output);
            return await Story.TellAsync(new(playground, screen, new ShopSize(200_000), TimeSpan.FromSeconds(2)) { Postgres = place }, ct) ? ExitCode.Done : ExitCode.NotDone;
        });
        return command;
    }
}
