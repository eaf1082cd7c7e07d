#!/usr/bin/env dotnet
#:project ../../src/SyncMcp.Client/SyncMcp.Client.csproj

// The failed runs of all jobs of the default workspace, newest first:
//   SYNC_TOKEN=... dotnet run docs/samples/failed-runs.cs -- https://sync.example.com:8181
// In a project of your own: dotnet add package SyncMcp.Client.
using SyncMcp.Client;
using SyncMcp.Client.Jobs;

using var sync = new SyncClient(new()
{
    Server = new(args is [var address] ? address : "http://127.0.0.1:8181"),
    Token = _ => ValueTask.FromResult(Environment.GetEnvironmentVariable("SYNC_TOKEN")),
});

var failed = 0;
foreach (var job in (await sync.Jobs.ListAsync(new() { WorkspaceId = "default" })).Value)
{
    await foreach (var run in sync.EachRunAsync(JobEndpoints.History, new ListJobHistory { JobId = job.Id!, Status = "Failed" }))
    {
        failed++;
        Console.WriteLine($"{run.StartedAt:u}  {job.Name}  {run.Details}");
    }
}

Console.WriteLine($"{failed} failed runs.");
