using System.Text.Json.Nodes;
using Microsoft.Extensions.Time.Testing;
using SyncMcp.Guard;
using SyncMcp.Past;
using SyncMcp.Tests.Testing;

namespace SyncMcp.Tests.Tools;

/// <summary>What is kept of things that were seen: a version where it differs, bounded in number and age, each principal's its own.</summary>
public sealed class MemoryTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(DateTimeOffset.Parse("2026-11-24T06:00Z"));
    private readonly StateStore store;

    public MemoryTests() => store = new(new(folder["operator"]), time);

    public void Dispose() => folder.Dispose();

    [Fact]
    public void What_is_as_it_was_gets_no_new_version_and_what_a_run_changes_does_not_count()
    {
        var memory = Of("ann");
        memory.Note("job", Job("a", ("status", "Idle")));
        time.Advance(TimeSpan.FromHours(1));
        memory.Note("job", Job("a", ("status", "Successful")));
        Assert.Equal(TimeSpan.FromHours(1), Assert.Single(memory.Of("job", "1")) is var one ? one.Last - one.First : default);
        time.Advance(TimeSpan.FromHours(1));
        memory.Note("job", Job("b"));
        Assert.Equal(["a", "b"], memory.Of("job", "1").Select(seen => seen.Name));
        Assert.Empty(Of("bob").Of("job", "1"));
    }

    [Fact]
    public void Versions_and_years_are_bounded_and_a_memory_that_starts_again_knows_what_it_knew()
    {
        for (var i = 0; i < SightingTable.MostVersions + 5; i++)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            Of("ann").Note("job", Job($"v{i}"));
        }

        Assert.Equal(SightingTable.MostVersions, Of("ann").Of("job", "1").Count);
        Assert.Equal("v5", Of("ann").Of("job", "1")[0].Name);
        time.Advance(TimeSpan.FromDays(91));
        Of("ann").Tidy();
        Assert.Empty(Of("ann").Of("job", "1"));
    }

    [Fact]
    public void What_other_hands_wrote_counts_as_not_seen()
    {
        Of("ann").Note("job", Job("a"));
        Sql.Run(Path.Combine(folder["operator"], "state.db"), "UPDATE sighting SET id = '2'");
        Assert.Empty(Of("ann").Of("job", "2"));
    }

    private Memory Of(string principal) => new(new(store, "here", principal), time);

    private static JsonObject Job(string name, params (string Name, string Value)[] more)
    {
        var job = new JsonObject { ["id"] = "1", ["name"] = name };
        foreach (var (member, value) in more)
            job[member] = value;
        return job;
    }
}
