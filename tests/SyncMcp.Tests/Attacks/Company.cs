using System.Text.Json.Nodes;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Attacks;

/// <summary>A real Sync server of a company: four places of a connector that we do not know, and two jobs that a person has approved.</summary>
internal sealed class Company(StubServer server)
{
    public const string Payroll = "20000000-0000-0000-0000-000000000001";
    public const string Archive = "20000000-0000-0000-0000-000000000002";
    public const string Catalog = "20000000-0000-0000-0000-000000000003";
    public const string Partner = "20000000-0000-0000-0000-000000000004";
    public const string PayrollToArchive = "10000000-0000-0000-0000-000000000001";
    public const string CatalogToPartner = "10000000-0000-0000-0000-000000000002";

    private readonly List<JsonObject> jobs = [];

    public StubServer Server => server;

    /// <summary>Starts it.</summary>
    public static async Task<Company> OpenAsync()
    {
        var company = new Company(await StubServer.StartAsync());
        company.Server.List("/workspaces", [new() { ["id"] = "default", ["name"] = "default" }]);
        foreach (var (id, name) in ((string, string)[])[(Payroll, "payroll"), (Archive, "archive"), (Catalog, "catalog"), (Partner, "partner")])
        {
            company.Server.On($"GET /connections/{id}", Connection(id, name)).List($"/connections/{id}/tables", []);
        }

        company.Job(PayrollToArchive, "payroll-archive", Payroll, Archive);
        company.Job(CatalogToPartner, "catalog-partner", Catalog, Partner);
        return company;
    }

    /// <summary>A session in which a person has approved the two jobs; from here on the person reads and says no.</summary>
    public async Task<SyncSession> ApprovedAsync()
    {
        var time = new ReadingTime();
        var session = await server.SessionAsync(options => options with { Time = time });
        session.Person.Confirms();
        foreach (var job in (string[])[PayrollToArchive, CatalogToPartner])
            (await session.CallAsync("execute_job", new { job_id = job })).Ok();
        session.Person.Reads = time.Read;
        session.Person.Declines();
        return session;
    }

    /// <summary>A job that is there now, whoever made it.</summary>
    public void Job(string id, string name, string source, string destination, Action<JsonObject>? more = null, params string[] tasks)
    {
        var job = new JsonObject
        {
            ["id"] = id,
            ["name"] = name,
            ["type"] = "Standard",
            ["source_connection"] = new JsonObject { ["id"] = source },
            ["destination_connection"] = new JsonObject { ["id"] = destination },
        };
        more?.Invoke(job);
        jobs.RemoveAll(known => (string?)known["id"] == id);
        jobs.Add(job);
        server.List("/workspaces/default/jobs", jobs.Select(one => one.DeepClone().AsObject()))
            .On($"GET /jobs/{id}", job.DeepClone())
            .List($"/jobs/{id}/tasks", (tasks.Length > 0 ? tasks : ["people"]).Select(query => new JsonObject { ["id"] = query, [query.Contains(' ', StringComparison.Ordinal) ? "query" : "table"] = query }))
            .On($"POST /jobs/{id}/execute", new JsonObject { ["id"] = "r", ["status"] = "Starting" });
    }

    /// <summary>How often a job was started.</summary>
    public int Runs(string job) => server.Requests.Count(request => request == $"POST /jobs/{job}/execute");

    public static JsonObject Connection(string id, string name, string? host = null) => new()
    {
        ["id"] = id,
        ["name"] = name,
        ["connector"] = "Oracle",
        ["workspace"] = new JsonObject { ["id"] = "default" },
        ["properties"] = JsonNode.Parse($$"""{"Server": "{{host ?? name + ".example"}}", "User": "sync", "Password": "stored", "Use SSL": "true"}"""),
    };
}
