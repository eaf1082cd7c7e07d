using System.Text.Json.Nodes;
using SyncMcp.Transports.Http;

namespace SyncMcp.Tests.Testing;

/// <summary>A Sync server with a week of runs behind it, for those who look at the page; some of its names and errors try to be more than text.</summary>
internal static class PageWorld
{
    /// <summary>What must never run: each sets a mark that a test looks for, or would call out.</summary>
    public static readonly string[] Hostile =
    [
        "<script>window.owned=1</script>",
        "<img src=x onerror=\"window.owned=2\">",
        "javascript:window.owned=3//",
        "</script><script>window.owned=4</script>",
        "{{constructor.constructor('window.owned=5')()}} ${window.owned=6} <%= 7 %>",
        "\"><svg onload=window.owned=8><a href=//evil.example/x>",
        "طلبات ليلية <b>العربية</b> \u202Eexe.\u2066drow",
        "a-very-long-name-without-any-place-to-break-it-" + "x0123456789x0123456789x0123456789x0123456789x0123456789x0123456789x0123456789x0123456789x0123456789",
    ];

    private static readonly string[] Areas = ["orders", "customers", "invoices", "tickets", "contacts", "stock", "payments", "shipments", "leads", "events"];
    private static readonly string[] Sources = ["Salesforce", "Netsuite", "Zendesk", "Shopify", "erp-oracle", "HubSpot"];
    private static readonly string[] Workspaces = ["sales", "finance", "operations"];
    private static readonly (string Words, int Share)[] Errors =
    [
        ("28P01: password authentication failed for user \"etl\"", 4),
        ("relation \"public.orders_old\" does not exist", 3),
        ("API limit exceeded: TotalRequests Limit exceeded.", 2),
        ("could not connect to server: Connection refused", 2),
        ("<script>window.owned=9</script> something that nobody has seen before onerror=alert(1)", 1),
    ];

    /// <summary>Serves the page over such a server until the input ends; what it says first is where.</summary>
    public static async Task<int> ServeAsync(string folder, int jobs, bool open)
    {
        await using var upstream = await StartAsync(jobs, hostile: jobs > 0);
        var options = new ServerOptions { DataDirectory = Path.Combine(folder, "data"), OperatorFolder = Path.Combine(folder, "operator"), Server = upstream.Address, Token = StubServer.Token };
        await using var server = await HttpServer.StartAsync(options, new() { Port = 0, NoAuth = open }, more: null, CancellationToken.None);
        await Console.Error.WriteLineAsync($"ready {server.Address}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    /// <summary>Starts one.</summary>
    public static async Task<StubServer> StartAsync(int jobs, bool hostile)
    {
        var server = await StubServer.StartAsync();
        var random = new Random(11);
        var now = TimeProvider.System.GetUtcNow();
        server.List("/workspaces", (jobs == 0 ? ["default"] : Workspaces).Select(name => new JsonObject { ["id"] = name, ["name"] = name }));
        var byWorkspace = (jobs == 0 ? ["default"] : Workspaces).ToDictionary(name => name, _ => new List<JsonObject>());
        for (var i = 0; i < jobs; i++)
        {
            var workspace = jobs == 1 ? Workspaces[0] : Workspaces[i % 3];
            var name = hostile && i < 2 * Hostile.Length && i % 2 == 1 ? Hostile[i / 2] : $"{Sources[i % Sources.Length].ToLowerInvariant()}-{Areas[i / 6 % Areas.Length]}{(i >= 60 ? $"-{i / 60}" : "")}";
            byWorkspace[workspace].Add(Job(server, random, now, i, name));
        }

        foreach (var (workspace, all) in byWorkspace)
        {
            server.List($"/workspaces/{workspace}/jobs", all);
            server.List($"/workspaces/{workspace}/connections", [.. Sources.Select(Connection), Connection("warehouse"), Connection("lake")]);
            server.List($"/workspaces/{workspace}/transformations", all.Where((_, i) => i % 7 == 0).Select((job, i) => Transformation(server, now, workspace, i, job)));
            server.List($"/workspaces/{workspace}/pipelines", []);
        }

        return server;
    }

    private static JsonObject Connection(string name) => new() { ["id"] = name, ["name"] = name, ["connector"] = "PostgreSQL" };

    private static JsonObject Job(StubServer server, Random random, DateTimeOffset now, int number, string name)
    {
        var id = $"a0000000-0000-0000-0000-{number:d12}";
        var hours = (number % 5) switch { 0 => 1, 1 => 24, 2 => 6, 3 => 12, _ => 24 };
        var (usual, rows) = (20_000 + random.Next(900_000), 500 + random.Next(400_000));
        var error = number % 9 == 4 ? Errors[number / 9 % Errors.Length].Words : null;
        var runs = new List<JsonObject>();
        var newest = now - TimeSpan.FromMinutes(random.Next(5, (hours * 60) - 2));
        for (var (at, i) = (newest, 0); at > now - TimeSpan.FromDays(8) && number % 13 != 12; at -= TimeSpan.FromHours(hours), i++)
        {
            var failed = error is not null && (i < 3 || random.Next(20) == 0);
            var status = failed ? "Failed" : random.Next(60) switch { 0 => "Skipped", 1 => "Canceled", _ => "Successful" };
            var took = (int)(usual * (.7 + (random.NextDouble() * .6)) * (failed ? .2 : 1));
            runs.Add(Run($"{id}-{i}", status, at, took, failed ? 0 : (long)(rows * (.8 + (random.NextDouble() * .4))), failed ? error : null));
        }

        if (number % 11 == 3)
            runs.Insert(0, Run($"{id}-now", "Running", now - TimeSpan.FromSeconds(usual / 1500), null, 1200, null));
        var source = Sources[number % Sources.Length];
        var job = new JsonObject
        {
            ["id"] = id,
            ["name"] = name,
            ["type"] = "Standard",
            ["status"] = (string?)runs.FirstOrDefault()?["status"] ?? "Idle",
            ["last_run"] = runs.FirstOrDefault()?.DeepClone(),
            ["source_connection"] = new JsonObject { ["id"] = source, ["name"] = source },
            ["destination_connection"] = new JsonObject { ["id"] = number % 4 == 0 ? "lake" : "warehouse", ["name"] = number % 4 == 0 ? "lake" : "warehouse" },
            ["schedule"] = new JsonObject { ["enabled"] = number % 17 != 6, ["cron"] = "0 0 2 * * *" },
            ["next_run"] = number % 17 == 6 ? null : (newest + TimeSpan.FromHours(hours)).UtcDateTime.ToString("O"),
        };
        server.On($"GET /jobs/{id}", job.DeepClone());
        server.List($"/jobs/{id}/history", runs);
        foreach (var run in runs.Take(4))
            server.On($"GET /jobs/{id}/history/{run["id"]}", run.DeepClone());
        server.List($"/jobs/{id}/tasks", Enumerable.Range(0, 1 + (number % 5)).Select(i => new JsonObject { ["id"] = $"t{i}", ["query"] = $"REPLICATE [{Areas[i]}_copy] SELECT * FROM [{Areas[i]}]" }));
        foreach (var end in (string[])[source, "lake", "warehouse"])
            server.On($"GET /connections/{end}", Connection(end));
        return job;
    }

    private static JsonObject Run(string id, string status, DateTimeOffset start, int? took, long rows, string? details) => new()
    {
        ["id"] = id,
        ["status"] = status,
        ["started_at"] = start.UtcDateTime.ToString("O"),
        ["finished_at"] = took is { } length ? start.AddMilliseconds(length).UtcDateTime.ToString("O") : null,
        ["runtime"] = took,
        ["records_affected"] = rows,
        ["details"] = details,
    };

    private static JsonObject Transformation(StubServer server, DateTimeOffset now, string workspace, int number, JsonObject job)
    {
        var id = $"b0000000-0000-0000-{workspace.Length:d4}-{number:d12}";
        var run = Run($"{id}-0", "Successful", now - TimeSpan.FromHours(3 + number), 42_000, 90_000, null);
        var one = new JsonObject
        {
            ["id"] = id,
            ["name"] = $"report-{workspace}-{number}",
            ["type"] = "SQL",
            ["status"] = "Successful",
            ["last_run"] = run.DeepClone(),
            ["destination_connection"] = job["destination_connection"]!.DeepClone(),
            ["trigger"] = new JsonObject { ["type"] = "AfterJob", ["after_job"] = job["id"]!.DeepClone() },
        };
        server.On($"GET /transformations/{id}", one.DeepClone());
        server.List($"/transformations/{id}/history", [run]);
        server.List($"/transformations/{id}/tasks", []);
        return one;
    }
}
