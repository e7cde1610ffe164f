using Graft.Formats;
using Graft.Nn;
using Graft.Torch;

namespace Graft.Models;

public static partial class ModelSaver
{
    /// <summary>
    /// Saves a state dict as <c>torch.save(model.state_dict(), ...)</c> does, under torchvision's names. torchvision has no files
    /// of labels and preprocessing; those beside it are Graft's.
    /// </summary>
    /// <param name="model">the model</param>
    /// <param name="folder">where to</param>
    /// <param name="name">what torchvision calls the network, and the file</param>
    /// <returns>the name of the file</returns>
    internal static string SaveTorchVision(ImageModel model, string folder, string name)
    {
        string file = name + ".pth";
        Directory.CreateDirectory(folder);
        using (GradMode mode = Autograd.NoGrad())
        using (var scope = new TensorScope())
        using (var arrays = OriginArrays.Of(model, Origin.TorchVision))
            TorchFileWriter.Write(
                Path.Combine(folder, file), [.. arrays.Items, .. model.Family.TablesIn(Origin.TorchVision, model.Config)]);
        WritePreprocess(model, folder);
        WriteSettings(model, folder, Origin.TorchVision, name, Origin.TorchVision);
        return file;
    }
}
