using System.Text.Json.Nodes;

namespace SyncMcp.Benchmarks.Bars;

/// <summary>With the embedded engine: the first call on a fresh data directory and on one that exists, and the memory after 2,000 calls.</summary>
internal static class EngineBars
{
    private const int Calls = 2_000;

    public static IReadOnlyList<Bar> Run(Programs programs, int rounds)
    {
        var folder = Directory.CreateTempSubdirectory("smcp-b").FullName;
        try
        {
            var fresh = new List<double>();
            var existing = new List<double>();
            for (var round = 0; round <= rounds; round++)
            {
                var data = Path.Combine(folder, $"{round}");
                var first = FirstCall(programs.Ours, data);
                var second = FirstCall(programs.Ours, data);
                if (round == 0)
                    continue;
                fresh.Add(first);
                existing.Add(second);
            }

            var (after, peak) = AfterCalls(programs.Ours, Path.Combine(folder, "0"));
            Console.WriteLine($"## With the embedded engine\n\nFirst call (list_workspaces) after tools/list, median of {rounds}: fresh {fresh.Median():F0} ms ({fresh.Min():F0}..{fresh.Max():F0}), existing {existing.Median():F0} ms ({existing.Min():F0}..{existing.Max():F0}). After {Calls:N0} calls {after:F1} MB, peak {peak:F1} MB.\n");
            return
            [
                new("first call, fresh data directory", 250, fresh.Median(), "ms"),
                new("first call, existing data directory", 80, existing.Median(), "ms"),
                new($"RSS after {Calls:N0} calls, engine running", 80, after, "MB"),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double FirstCall(string program, string data)
    {
        using var server = StdioProgram.Start(program, variables: null, "--data", data);
        server.Initialize();
        var listed = server.List();
        server.Call("list_workspaces", "{}");
        return server.Age - listed;
    }

    // What an assistant does most: lists, one thing, states. Changes would be audited into the operator's own folder.
    private static (double After, double Peak) AfterCalls(string program, string data)
    {
        using var server = StdioProgram.Start(program, variables: null, "--data", data);
        server.Initialize();
        server.List();
        var workspaces = JsonNode.Parse(server.Call("list_workspaces", "{}"))!;
        var id = (string)workspaces["result"]!["structuredContent"]!["items"]![0]!["id"]!;
        (string Tool, string Arguments)[] mix =
        [
            ("list_workspaces", "{}"), ("get_workspace", $$"""{"workspace_id":"{{id}}"}"""), ("list_jobs", "{}"), ("list_connections", "{}"), ("list_pipelines", "{}"),
            ("list_transformations", "{}"), ("list_users", "{}"), ("get_overview", "{}"),
        ];
        for (var block = 0; block < 10; block++)
        {
            foreach (var (tool, arguments) in mix)
                server.Repeat(tool, arguments, Calls / mix.Length / 10, atOnce: 4);
        }

        return (server.Megabytes, server.PeakMegabytes);
    }
}
