using SyncMcp.Tests.Testing;
using SyncMcp.Tools;

namespace SyncMcp.Tests.Conventions;

/// <summary>Judges after all other tests what they called. A run of a part of the tests says nothing, so that it is left out there.</summary>
[Collection(nameof(AfterAllOthers))]
public sealed class EveryToolIsTestedTests
{
    [Fact]
    public void Every_tool_was_called_with_success_and_refused_at_least_once()
    {
        Assert.SkipUnless(AfterAllOthers.AllRan, "Only a part of the tests runs.");

        var neverSucceeded = ToolList.Names.Where(tool => !ToolRecorder.HasSucceeded(tool)).ToList();
        var neverRefused = ToolList.Names.Where(tool => !ToolRecorder.WasRefused(tool)).ToList();

        Assert.True(
            neverSucceeded.Count + neverRefused.Count == 0,
            $"Never called with success: {string.Join(", ", neverSucceeded)}. Never refused: {string.Join(", ", neverRefused)}.");
    }
}
